import { useState } from 'react';
import { useSay } from '../../i18n';
import { Tabs } from '../../ui/Tabs';
import { Page } from '../Page';
import { RequestTab } from './RequestTab';
import { ServiceTab } from './ServiceTab';
import { WhatIfTab } from './WhatIfTab';

type TabId = 'request' | 'service' | 'whatIf';

export default function ExplainPage() {
  const say = useSay();
  const [tab, setTab] = useState<TabId>(location.hash === '#what-if' ? 'whatIf' : 'request');
  return (
    <Page title={say('page.explain')}>
      <div>
        <Tabs
          label={say('page.explain')}
          active={tab}
          onChange={setTab}
          tabs={[
            { id: 'request', title: say('explain.request') },
            { id: 'service', title: say('explain.service') },
            { id: 'whatIf', title: say('explain.whatIf') },
          ]}
        >
          {tab === 'request' && <RequestTab />}
          {tab === 'service' && <ServiceTab />}
          {tab === 'whatIf' && <WhatIfTab />}
        </Tabs>
      </div>
    </Page>
  );
}
