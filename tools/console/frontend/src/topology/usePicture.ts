import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { get, path, type Refusal } from '../api/client';
import { follow, type Link } from '../api/stream';
import type { MeshEvent, Picture } from '../api/types';
import type { View } from '../view';

export interface Watched {
  picture: Picture | undefined;
  link: Link;
  problem: Refusal | undefined;
  /** Events that came while this page is open, newest first. */
  events: readonly MeshEvent[];
}

const MOST_EVENTS = 50;

/** The part of a view that the server lays out. */
export function parametersOf(view: View): Record<string, string | number | boolean | undefined> {
  return {
    window: view.window,
    level: view.level === 'auto' ? undefined : view.level,
    clusters: view.clusters.join(','),
    namespaces: view.namespaces.join(','),
    services: view.services,
    boxes: view.boxes,
    idle: view.idle,
  };
}

/** The picture of now, kept up to date by the stream; of a past instant, fetched once. */
export function usePicture(view: View): Watched {
  const [picture, setPicture] = useState<Picture>();
  const [link, setLink] = useState<Link>('connecting');
  const [problem, setProblem] = useState<Refusal>();
  const [events, setEvents] = useState<readonly MeshEvent[]>([]);
  const queries = useQueryClient();
  const { at } = view;
  const parameters = parametersOf(view);
  const live = path('/api/v1/topology/stream', parameters);
  const past = path('/api/v1/topology', { ...parameters, at });
  const wanted = useRef('');

  useEffect(() => {
    if (at !== '') return undefined;
    return follow(
      live,
      ({ event, data }) => {
        if (event === 'picture') {
          setPicture(JSON.parse(data) as Picture);
          setProblem(undefined);
        }
        if (event === 'events') {
          const fresh = JSON.parse(data) as MeshEvent[];
          setEvents((known) => merged(known, fresh));
          if (fresh.length > 0) void queries.invalidateQueries({ queryKey: ['strip'] });
        }
      },
      (next, refusal) => {
        setLink(next);
        setProblem(refusal);
      },
    );
  }, [at, live, queries]);

  useEffect(() => {
    if (at === '') return undefined;
    wanted.current = past;
    // Answers of a drag may overtake each other: only the last one asked for is shown.
    queries
      .fetchQuery({
        queryKey: [past],
        queryFn: ({ signal }) => get<Picture>(past, signal),
        staleTime: Infinity,
      })
      .then((answer) => {
        if (wanted.current !== past) return;
        setPicture(answer);
        setLink('open');
        setProblem(undefined);
      })
      .catch((error: Refusal) => {
        if (wanted.current === past) setProblem(error);
      });
    return () => {
      wanted.current = '';
    };
  }, [at, past, queries]);

  return { picture, link, problem, events };
}

export function merged(known: readonly MeshEvent[], fresh: readonly MeshEvent[]): readonly MeshEvent[] {
  const byId = new Map([...known, ...fresh].map((event) => [event.id, event]));
  if (byId.size === known.length) return known;
  return [...byId.values()].sort((a, b) => b.id - a.id).slice(0, MOST_EVENTS);
}
