import fc from 'fast-check';

/** The same examples in every run. `PROPERTY_SEED=… npm test` looks for others; a failure prints its own seed and path. */
fc.configureGlobal({ seed: Number(process.env['PROPERTY_SEED'] ?? 1) });

export default fc;
