import { describe, expect, it } from 'vitest';
import { readQuery, readReportQuery } from '../../src/serve/query.ts';

const read = (text: string) => readQuery(new URLSearchParams(text), 'en');

describe('an address', () => {
  it('chooses language, period, segment and status', () => {
    expect(
      read('language=es&period=2026-10&segment=team:00E1&status=at_risk&grain=quarter').selection,
    ).toEqual({
      language: 'es',
      kpis: [],
      grain: 'quarter',
      period: '2026-10',
      segment: { kind: 'team', id: '00E1' },
      status: 'at_risk',
    });
  });

  it('means the company where a segment has no id, and an owner before all else', () => {
    expect(read('segment=team').selection.segment).toEqual({ kind: 'company', id: null });
    expect(read('segment=team:1&owner=a:b').selection.segment).toEqual({ kind: 'owner', id: 'a:b' });
  });

  it('holds nothing else that counts', () => {
    const { selection, theme, limit, refreshS } = read(
      'language=fr&status=x&grain=decade&theme=pink&limit=-1&refresh=1',
    );
    expect(selection).toMatchObject({ language: 'en', status: null, grain: null });
    expect({ theme, limit, refreshS }).toEqual({ theme: null, limit: 200, refreshS: 30 });
  });

  it('describes a report', () => {
    const params = new URLSearchParams(
      'kpi=win_rate&kpi=csat&segments=company&segments=team&periods=6&in=es',
    );
    expect(readReportQuery(params, 'en')).toEqual({
      title: null,
      kpis: ['win_rate', 'csat'],
      grain: null,
      period: null,
      periods: 6,
      segments: ['company', 'team'],
      language: 'es',
    });
  });
});
