import { apartTour } from './apart-tour.ts';
import { clashTour } from './clash-tour.ts';
import { deliveringTour } from './delivering-tour.ts';
import { enteringTour, unlockingTour } from './entering-tour.ts';
import { galleryTour } from './gallery-tour.ts';
import { loggingTour } from './logging-tour.ts';
import { officeTour } from './office-tour.ts';
import { peopleTour } from './people-tour.ts';
import { recordsTour } from './records-tour.ts';
import type { Tour } from './stop.ts';
import { updatingTour } from './updating-tour.ts';

/** Every screen in every state, in an order in which one tour leaves behind what the next one shows. */
export const TOURS: Readonly<Record<string, Tour>> = {
  entering: enteringTour,
  unlocking: unlockingTour,
  logging: loggingTour,
  records: recordsTour,
  office: officeTour,
  people: peopleTour,
  delivering: deliveringTour,
  clash: clashTour,
  apart: apartTour,
  updating: updatingTour,
  gallery: galleryTour,
};
