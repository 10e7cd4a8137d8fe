// Goal kinds and reward forms: what a goal can be, when it is reached, what that is worth.
export { bitScene, flipBitAt } from './bits-view.js';
export { type GoalForm, type Predicate, statePredicates, stateRegion, targetState } from './forms.js';
export { type GoalKind, type GoalKindName, goalKind, goalKindNames, goalKinds } from './kinds.js';
export {
  type FormRules,
  goalRules,
  type RewardForm,
  rewardForms,
  rewardSetting,
  successEndsSetting,
} from './rewards.js';
