import { err, ok, type Result } from '../../kernel/result.ts';
import type { QrReply } from './qr-worker.ts';

/** In each of them the screen offers the typed code. */
export type QrFault = 'denied' | 'no_camera' | 'stopped' | 'failed';

/** A code shown at arm's length is readable in this many pixels a side; more only costs a cheap phone time. */
const MOST_PIXELS = 800;

async function openCamera(): Promise<Result<MediaStream, QrFault>> {
  const devices = (navigator as Partial<Pick<Navigator, 'mediaDevices'>>).mediaDevices;
  if (!devices) return err('no_camera');
  try {
    return ok(await devices.getUserMedia({ video: { facingMode: { ideal: 'environment' } }, audio: false }));
  } catch (fault) {
    const name = fault instanceof DOMException ? fault.name : '';
    if (name === 'NotAllowedError' || name === 'SecurityError') return err('denied');
    return err(name === 'NotFoundError' || name === 'OverconstrainedError' ? 'no_camera' : 'failed');
  }
}

/** Reads one picture; the worker and its wasm are loaded with the first and ended by `end`. */
export interface PictureReader {
  read(picture: ImageData): Promise<string | null>;
  end(): void;
}

export function pictureReader(): PictureReader {
  const worker = new Worker(new URL('./qr-worker.ts', import.meta.url), { type: 'module', name: 'xks-qr' });
  return {
    read: (picture) =>
      new Promise((resolve, reject) => {
        worker.onmessage = (event: MessageEvent<QrReply>) => {
          if ('text' in event.data) resolve(event.data.text);
          else reject(new Error(event.data.fault));
        };
        worker.onerror = () => reject(new Error('qr worker did not load'));
        worker.postMessage(picture, [picture.data.buffer]);
      }),
    end: () => worker.terminate(),
  };
}

function pictureOf(video: HTMLVideoElement, canvas: OffscreenCanvas | HTMLCanvasElement): ImageData | null {
  const { videoWidth, videoHeight } = video;
  if (videoWidth === 0 || videoHeight === 0) return null;
  const scale = Math.min(1, MOST_PIXELS / Math.max(videoWidth, videoHeight));
  canvas.width = Math.round(videoWidth * scale);
  canvas.height = Math.round(videoHeight * scale);
  const paper = canvas.getContext('2d', { willReadFrequently: true }) as CanvasRenderingContext2D | null;
  paper?.drawImage(video, 0, 0, canvas.width, canvas.height);
  return paper?.getImageData(0, 0, canvas.width, canvas.height) ?? null;
}

const nextFrame = (): Promise<void> =>
  new Promise((resolve) => {
    requestAnimationFrame(() => resolve());
  });

async function watch(video: HTMLVideoElement, signal: AbortSignal): Promise<Result<string, QrFault>> {
  const reader = pictureReader();
  const canvas = document.createElement('canvas');
  try {
    while (!signal.aborted) {
      const picture = pictureOf(video, canvas);
      const text = picture ? await reader.read(picture) : null;
      if (text !== null) return ok(text);
      await nextFrame();
    }
    return err('stopped');
  } catch {
    return err('failed');
  } finally {
    reader.end();
  }
}

/**
 * Shows the camera in `video` and resolves with the first QR code it sees. The pictures stay in this page; the camera is
 * let go whatever happens.
 */
export async function readQr(video: HTMLVideoElement, signal: AbortSignal): Promise<Result<string, QrFault>> {
  const camera = await openCamera();
  if (!camera.ok) return camera;
  const stop = (): void => camera.value.getTracks().forEach((track) => track.stop());
  try {
    video.srcObject = camera.value;
    await video.play();
    return await watch(video, signal);
  } catch {
    return err('failed');
  } finally {
    stop();
    video.srcObject = null;
  }
}
