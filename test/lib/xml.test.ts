import { describe, expect, it } from 'vitest';
import { escapeXml, xml, xmlDocument } from '../../src/lib/xml.ts';

describe('XML', () => {
  it('escapes what is put in, and nothing twice', () => {
    const name = xml`<Name at="${`"Lê's"`}">${'Đất <ở> & vườn'}</Name>`;
    expect(name.text).toBe('<Name at="&quot;Lê&#39;s&quot;">Đất &lt;ở&gt; &amp; vườn</Name>');
    expect(xml`<All>${[name, null, 7, false, undefined]}</All>`.text).toBe(`<All>${name.text}7</All>`);
  });

  it('writes in place of what XML cannot hold a character that it can', () => {
    expect(escapeXml('a\u0000\u0008\u000b\u001f\ufffe\ud800b\t\n\r𠀀')).toBe(
      'a\ufffd\ufffd\ufffd\ufffd\ufffd\ufffdb\t\n&#13;𠀀',
    );
  });

  it('begins a document with its encoding', () => {
    expect(xmlDocument(xml`<a/>`)).toBe('<?xml version="1.0" encoding="UTF-8"?>\n<a/>\n');
  });
});
