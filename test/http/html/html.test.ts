import { expect, it } from 'vitest';
import { html } from '../../../src/http/html/html.ts';

it('escapes everything but HTML', () => {
  const evil = `"><script>alert('x')</script>&`;
  expect(html`<a title="${evil}">${evil}</a>`.text).toBe(
    '<a title="&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;">&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;</a>',
  );
  expect(html`${[html`<b>${'<'}</b>`, '<i>', [0, null, undefined, false, '']]}`.text).toBe('<b>&lt;</b>&lt;i&gt;0');
});
