import type { Refusal } from '../api/client';
import { useSay } from '../i18n';
import { Failure } from '../ui/states';

/** Nothing to draw yet: the stream connects again by itself. */
export function Unreachable({ problem }: { problem: Refusal }) {
  const say = useSay();
  return (
    <div className="stack centred">
      <Failure error={problem} />
      {(problem.status === 0 || problem.status >= 500) && <p className="dim">{say('link.again')}</p>}
    </div>
  );
}
