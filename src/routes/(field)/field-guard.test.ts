import { describe, expect, it } from 'vitest';
import type { SessionState } from '$lib/phone/session/phone-session.ts';
import { detourOf, pathAfterUnlock } from './field-guard.ts';

const empty = { is: 'empty' } as SessionState;
const locked = { is: 'locked' } as SessionState;
const unlocked = { is: 'unlocked' } as SessionState;

describe('E1 the way into the field', () => {
  it('sends a phone with nobody on it to the first page, and lets it enrol', () => {
    expect(detourOf(empty, '/today')).toBe('/');
    expect(detourOf(empty, '/enrol')).toBeNull();
  });

  it('asks for the PIN and remembers where somebody wanted to go', () => {
    expect(detourOf(locked, '/records/1')).toBe('/unlock?to=%2Frecords%2F1');
    expect(detourOf(locked, '/assist/quick?subject=birth')).toBe(
      '/unlock?to=%2Fassist%2Fquick%3Fsubject%3Dbirth',
    );
    expect(detourOf(locked, '/unlock')).toBeNull();
    expect(detourOf(locked, '/unlock?to=%2Ftoday')).toBeNull();
    expect(detourOf(unlocked, '/records/1')).toBeNull();
  });

  it('never follows an address of somebody else after the PIN', () => {
    expect(pathAfterUnlock('/outbox')).toBe('/outbox');
    for (const bad of [
      null,
      '//evil.example',
      '/\\evil.example',
      'https://evil.example',
      '/unlock?to=/unlock',
    ]) {
      expect(pathAfterUnlock(bad)).toBe('/today');
    }
  });
});
