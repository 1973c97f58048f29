import { useEffect } from 'react';
import type { Picture } from '../api/types';
import type { FrameCost } from '../graph/ParticleLayer';
import type { Scene } from '../graph/scene';

/** What browser tests read; it says nothing that the page does not show. */
export interface Exposed {
  /** The picture's structure that is drawn; empty while none is. */
  settled: string;
  picture: Picture;
  frameCost: number;
}

declare global {
  interface Window {
    __weft?: Exposed;
  }
}

export function useExpose(picture: Picture, scene: Scene, cost: FrameCost): void {
  useEffect(() => {
    window.__weft = {
      settled: '',
      picture,
      get frameCost() {
        return cost.millis;
      },
    };
    const exposed = window.__weft;
    // After the browser has painted what this render made.
    const request = requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        exposed.settled = picture.structure;
      }),
    );
    return () => cancelAnimationFrame(request);
  }, [picture, scene, cost]);
}
