import type { RulePack, UnitType } from '../config/site.js';
import type { Finding, FindingKind } from './finding.js';
import type { Severity } from './severity.js';

/** What is done at once. `withhold`: the slate, and an alert; `flag`: an alert that must be decided; `notify`: an alert to know of. */
export const ACTIONS = ['withhold', 'flag', 'notify'] as const;
export type RuleAction = (typeof ACTIONS)[number];

/** What the law threatens. */
export interface Penalty {
  readonly article: number;
  /** Of the article, the item in brackets. */
  readonly item?: number;
  /** As printed, also where the print is wrong. */
  readonly wording: string;
  /** What a reader must know beside the wording. */
  readonly note?: string;
  /** Whom alone it can fall on. Left out: anyone. */
  readonly onlyFor?: readonly UnitType[];
}

/** One line of a pack: which article a kind of finding touches, and what follows. */
export interface Rule {
  /** The law that `article` counts in. */
  readonly law: RulePack;
  readonly article: number;
  /** null: the law threatens nothing. */
  readonly penalty: Penalty | null;
  readonly severity: Severity;
  readonly action: RuleAction;
}

/** A law as data: one rule for everything that can be found. */
export type Pack = Readonly<Record<FindingKind, Rule>>;

/** What follows from one finding at one place. */
export type Consequence = Rule;

/** Whom and what the rules are applied to. */
export interface RuleSubject {
  readonly unit: UnitType;
}

/** What a pack says about a finding. A penalty that cannot fall on this unit is left out. */
export const applyRules = (pack: Pack, { kind }: Pick<Finding, 'kind'>, { unit }: RuleSubject): Consequence => {
  const rule = pack[kind];
  const { penalty } = rule;
  const falls = penalty !== null && (penalty.onlyFor === undefined || penalty.onlyFor.includes(unit));
  return falls ? rule : { ...rule, penalty: null };
};
