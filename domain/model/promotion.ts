/** The number that the first production document of an issuer's type is to get. */
export interface InitialSequential {
  issuerId: string;
  documentType: string;
  /** 1 to 999999999. */
  sequential: number;
}

/** A production key that is ready to stand in for a sandbox key. The key itself is not here, only its hash. */
export interface MirrorKey {
  /** Id of the sandbox key. */
  mirrorOf: string;
  /** SHA-256, hex. */
  hash: string;
  /** The last characters of the key. */
  hint: string;
}

/** Who asks for a promotion, and for what. */
export interface PromotionRequest {
  /** Id of the key that asks; null when it is the operator. */
  askedBy: string | null;
  /** Of a repeat: the offer that took effect, whose keys its caller never saw. Else null. */
  supersedes: string | null;
  initialSequentials: InitialSequential[];
}

/** A request with the keys that come into force with it. */
export interface PromotionOffer extends PromotionRequest {
  id: string;
  keys: MirrorKey[];
}

/** `OUTDATED`: the account is no longer what the offer was made for, and nothing was changed. */
export type PromotionOutcome = 'PROMOTED' | 'OUTDATED';
