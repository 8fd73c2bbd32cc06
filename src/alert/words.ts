import type { Language } from '../model/kpi.ts';

interface Words {
  readonly failed: (where: string) => string;
  readonly needsPerson: (where: string) => string;
  readonly more: (count: number) => string;
  readonly stale: (connection: string, hours: number) => string;
  readonly staleObjects: (objects: string, since: string) => string;
  readonly staleFix: string;
  readonly staleCrm: (connection: string, hours: number) => string;
  readonly staleCrmSince: (since: string) => string;
  readonly offTarget: (label: string) => string;
  readonly figures: (period: string, value: string, target: string) => string;
  readonly atLeast: string;
  readonly atMost: string;
  readonly between: (lo: string, hi: string) => string;
  readonly offTargetFix: (kpi: string, period: string) => string;
  readonly recovered: string;
  readonly problem: string;
  readonly test: string;
  readonly testMessage: string;
  readonly report: string;
  readonly fix: string;
  readonly since: string;
  readonly subject: (problems: number, recovered: number) => string;
}

export const words: Readonly<Record<Language, Words>> = {
  en: {
    failed: (where) => `${where}: the last job failed`,
    needsPerson: (where) => `${where}: a person must act`,
    more: (count) => `and ${count} more`,
    stale: (connection, hours) => `${connection}: the data is older than ${hours} h`,
    staleObjects: (objects, since) => `Not read since ${since}: ${objects}.`,
    staleFix: 'Run `crm-kpi status`: it shows what holds the job up.',
    staleCrm: (connection, hours) => `${connection}: the figures in the CRM are older than ${hours} h`,
    staleCrmSince: (since) => `Results were last written there ${since}.`,
    offTarget: (label) => `${label}: off target`,
    figures: (period, value, target) => `${period}: ${value}, target ${target}.`,
    atLeast: 'at least',
    atMost: 'at most',
    between: (lo, hi) => `between ${lo} and ${hi}`,
    offTargetFix: (kpi, period) =>
      `\`crm-kpi explain ${kpi} --period ${period}\` shows the records behind it.`,
    recovered: 'Over',
    problem: 'Problem',
    test: 'Test',
    report: 'Report',
    testMessage: 'This is a test of crm-kpi. Nothing is wrong.',
    fix: 'What to do',
    since: 'since',
    subject: (problems, recovered) =>
      [
        problems > 0 ? `${problems} ${problems === 1 ? 'problem' : 'problems'}` : '',
        recovered > 0 ? `${recovered} over` : '',
      ]
        .filter((part) => part !== '')
        .join(', '),
  },
  es: {
    failed: (where) => `${where}: el último trabajo falló`,
    needsPerson: (where) => `${where}: hace falta que intervenga una persona`,
    more: (count) => `y ${count} más`,
    stale: (connection, hours) => `${connection}: los datos tienen más de ${hours} h`,
    staleObjects: (objects, since) => `Sin leer desde ${since}: ${objects}.`,
    staleFix: 'Ejecute `crm-kpi status`: muestra qué detiene el trabajo.',
    staleCrm: (connection, hours) => `${connection}: las cifras en el CRM tienen más de ${hours} h`,
    staleCrmSince: (since) => `Los resultados se escribieron allí por última vez ${since}.`,
    offTarget: (label) => `${label}: fuera de objetivo`,
    figures: (period, value, target) => `${period}: ${value}, objetivo ${target}.`,
    atLeast: 'al menos',
    atMost: 'como máximo',
    between: (lo, hi) => `entre ${lo} y ${hi}`,
    offTargetFix: (kpi, period) => `\`crm-kpi explain ${kpi} --period ${period}\` muestra los registros.`,
    recovered: 'Resuelto',
    problem: 'Problema',
    test: 'Prueba',
    report: 'Informe',
    testMessage: 'Esta es una prueba de crm-kpi. No ocurre nada.',
    fix: 'Qué hacer',
    since: 'desde',
    subject: (problems, recovered) =>
      [
        problems > 0 ? `${problems} ${problems === 1 ? 'problema' : 'problemas'}` : '',
        recovered > 0 ? `${recovered} ${recovered === 1 ? 'resuelto' : 'resueltos'}` : '',
      ]
        .filter((part) => part !== '')
        .join(', '),
  },
};
