import type { Share } from '../statistics.ts';

/** Where a true value lies, as far as the counts tell. Both ends included. */
export interface Interval {
  low: number;
  high: number;
}

/** Quantiles of the normal distribution for two-sided certainty. */
export const SURE_95 = 1.959964;
export const SURE_995 = 2.807034;

/**
 * The true share behind so many of so many, by Wilson's score: it stays within 0 and 1 and is honest for few and for
 * none. From nothing it tells nothing. (E. B. Wilson, J. Am. Stat. Assoc. 22, 1927, 209-212.)
 */
export function shareInterval({ count, of }: Share, quantile: number): Interval {
  if (of === 0) return { low: 0, high: 1 };
  const share = count / of;
  const square = quantile ** 2;
  const middle = (share + square / (2 * of)) / (1 + square / of);
  const reach = (quantile * Math.sqrt((share * (1 - share)) / of + square / (4 * of ** 2))) / (1 + square / of);
  return { low: Math.max(0, middle - reach), high: Math.min(1, middle + reach) };
}

/**
 * How much larger the share `now` is than `weight` times the share `before`. With weight 1 it is Newcombe's hybrid score
 * interval for the difference of two shares (R. G. Newcombe, Statistics in Medicine 17, 1998, 873-890, method 10); other
 * weights follow Zou and Donner (Statistics in Medicine 27, 2008, 1693-1702). Both shares need something to be counted of.
 */
export function differenceInterval(
  { before, now }: { before: Share; now: Share },
  { quantile, weight = 1 }: { quantile: number; weight?: number },
): Interval {
  const [was, is] = [before.count / before.of, now.count / now.of];
  const [then, since] = [shareInterval(before, quantile), shareInterval(now, quantile)];
  const difference = is - weight * was;
  return {
    low: difference - Math.hypot(is - since.low, weight * (then.high - was)),
    high: difference + Math.hypot(since.high - is, weight * (was - then.low)),
  };
}
