import { yaml } from '@codemirror/lang-yaml';
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { lintGutter, setDiagnostics, type Diagnostic } from '@codemirror/lint';
import { EditorState, type Text } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { basicSetup } from 'codemirror';
import { useEffect, useRef } from 'react';
import type { Finding } from '../../api/types';

interface Props {
  value: string;
  readOnly: boolean;
  findings: readonly Finding[];
  /** A new object moves the cursor to the line. */
  line: { line: number };
  label: string;
  onChange: (value: string) => void;
}

const THEME = EditorView.theme({
  '&': { fontSize: '12.5px', color: 'var(--text)', backgroundColor: 'var(--surface)', minHeight: '320px' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.6', maxHeight: '70vh' },
  '.cm-content': { caretColor: 'var(--text)', padding: '8px 0' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '.cm-gutters': { backgroundColor: 'var(--surface)', color: 'var(--text-2)', border: 'none' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'var(--hover)' },
  '&.cm-focused .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'var(--selected) !important',
  },
  '.cm-tooltip': {
    backgroundColor: 'var(--raised)',
    color: 'var(--text)',
    border: '1px solid var(--line)',
    borderRadius: '8px',
    maxWidth: '520px',
  },
  '.cm-panels': { backgroundColor: 'var(--sunken)', color: 'var(--text)' },
  '.cm-foldPlaceholder': {
    backgroundColor: 'var(--sunken)',
    border: '1px solid var(--line)',
    color: 'var(--text-2)',
  },
});

const COLOURS = syntaxHighlighting(
  HighlightStyle.define([
    { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--accent)' },
    { tag: [tags.string, tags.special(tags.string)], color: 'var(--ok)' },
    { tag: [tags.number, tags.bool, tags.null, tags.keyword], color: 'var(--cross)' },
    { tag: [tags.comment, tags.lineComment], color: 'var(--text-2)', fontStyle: 'italic' },
    { tag: tags.meta, color: 'var(--text-2)' },
  ]),
);

/**
 * The YAML with its findings on the lines. It lives in a shadow root, where the editor may use constructed style sheets: the policy of
 * the server forbids the inline ones that it would write into the document.
 */
export default function Editor({ value, readOnly, findings, line, label, onChange }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const changed = useRef(onChange);
  useEffect(() => {
    changed.current = onChange;
  });

  useEffect(() => {
    if (!host.current) return undefined;
    const root = host.current.shadowRoot ?? host.current.attachShadow({ mode: 'open' });
    const editor = new EditorView({
      root,
      parent: root,
      state: EditorState.create({
        doc: value,
        extensions: [
          basicSetup,
          yaml(),
          lintGutter(),
          THEME,
          COLOURS,
          EditorState.readOnly.of(readOnly),
          EditorView.contentAttributes.of({ 'aria-label': label }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) changed.current(update.state.doc.toString());
          }),
        ],
      }),
    });
    view.current = editor;
    return () => editor.destroy();
    // The text is the editor's own from here on; what is typed must not build it anew.
  }, [readOnly, label]);

  useEffect(() => {
    const editor = view.current;
    if (editor)
      editor.dispatch(
        setDiagnostics(
          editor.state,
          findings.flatMap((finding) => diagnostic(finding, editor.state.doc)),
        ),
      );
  }, [findings, readOnly, label]);

  useEffect(() => {
    const editor = view.current;
    if (!editor || line.line < 1 || line.line > editor.state.doc.lines) return;
    const { from } = editor.state.doc.line(line.line);
    editor.dispatch({
      selection: { anchor: from },
      effects: EditorView.scrollIntoView(from, { y: 'center' }),
    });
    editor.focus();
  }, [line]);

  return <div ref={host} className="editor" data-testid="editor" />;
}

function diagnostic(finding: Finding, text: Text): Diagnostic[] {
  if (finding.line < 1 || finding.line > text.lines) return [];
  const line = text.line(finding.line);
  const indent = line.text.length - line.text.trimStart().length;
  return [
    {
      from: line.from + indent,
      to: line.to,
      severity: finding.severity,
      source: finding.code,
      message: finding.wayOut ? `${finding.message}\n${finding.wayOut}` : finding.message,
    },
  ];
}
