/** What every view needs to know about who is looking. */
export interface Look {
  /** The person at this browser; their own messages say "You". */
  actor: string;
  /** Goes into every form of this session. */
  csrf: string;
  /** The address of an asset, with its content's hash in it. */
  asset(name: string): string;
  /** GitHub is set up: a repository may be named as `github:OWNER/NAME` too. */
  onGitHub: boolean;
  /** Where buttons of cards lead; left out: to where they are answered with the thread of their post. */
  pressUrl?: string;
}
