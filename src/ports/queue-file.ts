/** Where a repository keeps a queue of work, beside issues: a file that people write by hand. */
export const QUEUE_FILE = 'factory/tasks/queue.json';
