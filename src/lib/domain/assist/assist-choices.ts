// What may be chosen. Apart from the shapes, so that a screen that shows choices does not load what judges them.

/** Where an assist took place. */
export const CHANNELS = ['door', 'desk', 'booth', 'hall', 'phone'] as const;

/** How an assist ended (product.md "Outcome"): a closed set. */
export const OUTCOMES = [
  'submitted',
  'submitted_no_code',
  'draft_left',
  'account_step',
  'guided_only',
  'appointment',
  'handed_over',
  'not_possible',
  'declined',
] as const;

/** The account ladder; each step is counted apart. */
export const ACCOUNT_STEPS = [
  'guided',
  'level2_requested',
  'level2_granted',
  'activated',
  'first_portal_login',
] as const;

export const NOT_POSSIBLE_REASONS = [
  'papers_missing',
  'portal_down',
  'no_account',
  'not_this_ward',
  'other',
] as const;
export const DECLINED_REASONS = ['prefers_desk', 'afraid_of_fraud', 'no_time', 'other'] as const;
export const VOID_REASONS = ['entered_by_mistake', 'entered_twice', 'resident_asked', 'other'] as const;

/** Who did the typing. */
export const TYPED_BY = ['resident', 'relative', 'helper'] as const;

/** 1 not satisfied … 4 very satisfied; null: not asked or skipped. */
export const SATISFACTION = [1, 2, 3, 4] as const;
