import type { Finding } from '../api/types';
import { useSay } from '../i18n';
import { ObjectLink } from './ObjectLink';
import { SeverityIcon } from './states';

interface Props {
  findings: readonly Finding[];
  /** Called with the line of a finding where it has one. */
  onLine?: (line: number) => void;
  showObject?: boolean;
}

export function Findings({ findings, onLine, showObject = true }: Props) {
  const say = useSay();
  if (findings.length === 0) return null;
  return (
    <section>
      <h2>{say('findings.title', { count: findings.length })}</h2>
      <ul className="findings">
        {findings.map((finding) => (
          <li
            key={`${finding.code} ${finding.path} ${finding.message}`}
            className={finding.severity}
            data-testid={`finding:${finding.code}`}
          >
            <SeverityIcon severity={finding.severity} />
            <div className="grow">
              <p>{finding.message}</p>
              {finding.wayOut && (
                <p className="dim">
                  <strong>{say('findings.wayOut')}</strong> {finding.wayOut}
                </p>
              )}
              <p className="finding-where dim">
                <span className="mono">{finding.code}</span>
                {showObject && finding.object.name && <ObjectLink object={finding.object} />}
                {finding.path && <span className="mono">{finding.path}</span>}
                {finding.line > 0 &&
                  (onLine ? (
                    <button type="button" className="link-button" onClick={() => onLine(finding.line)}>
                      {say('findings.line', { line: finding.line })}
                    </button>
                  ) : (
                    <span>{say('findings.line', { line: finding.line })}</span>
                  ))}
              </p>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
