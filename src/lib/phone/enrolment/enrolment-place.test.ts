import { describe, expect, it } from 'vitest';
import { inAppOf, judgePlace } from './enrolment-place.ts';

const android = 'Mozilla/5.0 (Linux; Android 13; SM-A057F) AppleWebKit/537.36 (KHTML, like Gecko)';
const iphone =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)';

describe('E1 no device is enrolled in an in-app browser', () => {
  it.each([
    [`${android} Chrome/126.0.0.0 Mobile Safari/537.36`, null],
    [`${android} Chrome/126.0.0.0 Mobile Safari/537.36 EdgA/126.0`, null],
    [`${android} SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36`, null],
    ['Mozilla/5.0 (Android 14; Mobile; rv:127.0) Gecko/127.0 Firefox/127.0', null],
    [`${iphone} Version/17.5 Mobile/15E148 Safari/604.1`, null],
    [`${iphone} CriOS/126.0 Mobile/15E148 Safari/604.1`, null],
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0.0.0 Safari/537.36 coc_coc_browser/126',
      null,
    ],
    [
      `${android} Version/4.0 Chrome/126.0.0.0 Mobile Safari/537.36 Zalo android/24061 ZaloTheme/light`,
      'zalo',
    ],
    [`${iphone} Mobile/15E148 Zalo iOS/500 ZaloTheme/dark`, 'zalo'],
    [`${android} Version/4.0 Chrome/126 Mobile Safari/537.36 [FB_IAB/FB4A;FBAV/470.0.0.33.91;]`, 'facebook'],
    [`${iphone} Mobile/15E148 [FBAN/FBIOS;FBAV/470.0.0]`, 'facebook'],
    [`${android} Chrome/126 Mobile Safari/537.36 [FB_IAB/Orca-Android;FBAV/460.0.0]`, 'messenger'],
    [`${iphone} Mobile/15E148 [FBAN/MessengerForiOS;FBAV/460]`, 'messenger'],
    [`${iphone} Mobile/15E148 Instagram 335.0.0 (iPhone14,5)`, 'instagram'],
    [`${android} Chrome/126 Mobile Safari/537.36 trill_350403 BytedanceWebview/d8a21c6`, 'tiktok'],
    [
      'Mozilla/5.0 (Linux; Android 13; SM-A057F; wv) AppleWebKit/537.36 Version/4.0 Chrome/126 Mobile Safari/537.36',
      'other',
    ],
  ])('%s', (userAgent, app) => {
    expect(inAppOf(userAgent)).toBe(app);
  });

  it('says an insecure address in so many words, and a browser without storage', () => {
    const good = {
      userAgent: `${android} Chrome/126.0.0.0`,
      secure: true,
      crypto: true,
      worker: true,
      storage: true,
    };
    expect(judgePlace(good)).toEqual({ may: true });
    expect(judgePlace({ ...good, secure: false, crypto: false, worker: false })).toEqual({
      may: false,
      why: 'insecure',
    });
    expect(judgePlace({ ...good, worker: false })).toEqual({ may: false, why: 'no_storage' });
  });
});
