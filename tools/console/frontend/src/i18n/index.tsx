import { IntlMessageFormat } from 'intl-messageformat';
import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from 'react';
import en from './en.json';
import { formatters, type Formatters } from './format';
import zh from './zh.json';

export type Language = 'en' | 'zh';
export type Key = keyof typeof en;
export type Values = Record<string, string | number | boolean | null | undefined>;

const texts: Record<Language, Record<string, string>> = { en, zh };
const LOCALES: Record<Language, string> = { en: 'en-GB', zh: 'zh-CN' };
const STORED = 'weft.language';
const parsed = new Map<string, IntlMessageFormat>();

/** The text of a key; a key that only the server knows falls back to itself, never to nothing. */
export function translate(language: Language, key: string, values: Values = {}): string {
  const text = texts[language][key];
  if (text === undefined) return key;
  if (!text.includes('{') && !text.includes("'")) return text;
  const cacheKey = `${language}\n${key}`;
  let message = parsed.get(cacheKey);
  if (!message) {
    message = new IntlMessageFormat(text, LOCALES[language]);
    parsed.set(cacheKey, message);
  }
  try {
    return String(message.format(values));
  } catch {
    // The server left an argument out: the sentence with its gap says more than none.
    return text;
  }
}

export function known(key: string): key is Key {
  return key in en;
}

export interface Say extends Formatters {
  (key: Key, values?: Values): string;
  language: Language;
  locale: string;
  /** A key made at run time, such as that of a code of the server. */
  code: (key: string, values?: Values) => string;
}

export function sayIn(language: Language): Say {
  const locale = LOCALES[language];
  const say = (key: Key, values?: Values) => translate(language, key, values);
  return Object.assign(say, {
    language,
    locale,
    code: (key: string, values?: Values) => translate(language, key, values),
    ...formatters(locale),
  });
}

interface Speech {
  say: Say;
  setLanguage: (language: Language) => void;
}

const SpeechContext = createContext<Speech>({ say: sayIn('en'), setLanguage: () => undefined });

function preferred(): Language {
  const stored = localStorage.getItem(STORED);
  if (stored === 'en' || stored === 'zh') return stored;
  return navigator.languages
    .find((tag) => /^(en|zh)\b/i.test(tag))
    ?.toLowerCase()
    .startsWith('zh')
    ? 'zh'
    : 'en';
}

export function SpeechProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState<Language>(preferred);
  useEffect(() => {
    document.documentElement.lang = LOCALES[language];
  }, [language]);
  const speech = useMemo<Speech>(
    () => ({
      say: sayIn(language),
      setLanguage: (next) => {
        localStorage.setItem(STORED, next);
        setLanguage(next);
      },
    }),
    [language],
  );
  return <SpeechContext value={speech}>{children}</SpeechContext>;
}

export const useSay = (): Say => useContext(SpeechContext).say;
export const useSpeech = (): Speech => useContext(SpeechContext);
