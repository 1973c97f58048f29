import { KeyRound, LogIn } from 'lucide-react';
import { useState } from 'react';
import { token } from '../api/token';
import { useSpeech } from '../i18n';
import { Banner } from '../ui/states';
import { Field } from '../ui/fields';
import logo from '../weft.svg';

export function SignIn({ rejected }: { rejected: boolean }) {
  const { say, setLanguage } = useSpeech();
  const [text, setText] = useState('');
  return (
    <main className="sign-in">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (text.trim()) token.set(text.trim());
        }}
      >
        <div className="row">
          <img src={logo} alt="" width="32" height="32" />
          <h1 className="grow">{say('signIn.title')}</h1>
          <button
            type="button"
            className="icon-button text"
            lang={say.language === 'en' ? 'zh-CN' : 'en'}
            onClick={() => setLanguage(say.language === 'en' ? 'zh' : 'en')}
          >
            {say.language === 'en' ? '中文' : 'English'}
          </button>
        </div>
        {rejected && <Banner severity="error">{say('signIn.rejected')}</Banner>}
        <Field label={say('signIn.token')} hint={say('signIn.hint')}>
          {(id) => (
            <input
              id={id}
              className="input mono"
              type="password"
              autoComplete="off"
              spellCheck={false}
              autoFocus
              value={text}
              onChange={(event) => setText(event.target.value)}
            />
          )}
        </Field>
        <button type="submit" className="button primary" disabled={!text.trim()}>
          <LogIn size={15} aria-hidden="true" />
          {say('signIn.submit')}
        </button>
        <div className="sign-in-how">
          <KeyRound size={14} aria-hidden="true" />
          <span>
            {say('signIn.how')} <code>weft console</code>
          </span>
        </div>
      </form>
    </main>
  );
}
