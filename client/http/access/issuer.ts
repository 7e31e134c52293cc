/** Algorithms by which an issuer may sign: those with a private key of its own. */
export const TOKEN_ALGORITHMS = ['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA', 'Ed25519'] as const;

/** Where a token says what it says. A name is a claim, or the way to one inside others: `realm_access.roles`. */
export interface ClaimNames {
  /** Without it everybody of this issuer is of the tenant `default`. */
  readonly tenant?: string | undefined;
  readonly roles: string;
  readonly person: string;
}

export interface IssuerSettings {
  readonly issuer: string;
  readonly audience: string;
  /** Where the issuer's keys are; without it, where its discovery document says. */
  readonly jwksUrl?: string | undefined;
  readonly algorithms: readonly string[];
  readonly claims: ClaimNames;
  readonly now?: () => number;
}
