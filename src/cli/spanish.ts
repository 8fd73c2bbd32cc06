import { createTranslator, type Phrase, type Translate } from '../model/phrases.ts';
import type { Workspace } from './wire.ts';

/** What the stages say of a night, beside the connectors' own sentences. */
const phrases: readonly Phrase[] = [
  ['{}: the last job failed', '{}: el último trabajo falló'],
  ['{}: a person must act', '{}: hace falta que intervenga una persona'],
  ['{}: the data is older than {} h', '{}: los datos tienen más de {} h'],
  ['{}: the figures in the CRM are older than {} h', '{}: las cifras en el CRM tienen más de {} h'],
  ['{}: off target', '{}: fuera de objetivo'],
  ['{} and {} more', '{} y {} más'],
  ['It could not be reached.', 'No se pudo llegar.'],
  [
    'Nothing to do: it is tried again. If this lasts, check the address and the network.',
    'No hay que hacer nada: se intenta de nuevo. Si persiste, revise la dirección y la red.',
  ],
  ['Nothing can be read here. {}', 'Aquí no se puede leer nada. {}'],
  ['freshness', 'actualidad de los datos'],
  ['schedule {}', 'programación {}'],
  ['No run since {}; one was due at {}.', 'Sin ejecución desde {}; tocaba una a las {}.'],
  [
    'See that `crm-kpi schedule` is up, or the timer that starts the job; `crm-kpi run` makes up for it.',
    'Compruebe que `crm-kpi schedule` está en marcha, o el temporizador que inicia el trabajo; `crm-kpi run` lo recupera.',
  ],
  ['{}: the data is older than {} h. {}', '{}: los datos tienen más de {} h. {}'],
  ['{}: the figures in the CRM are older than {} h. {}', '{}: las cifras en el CRM tienen más de {} h. {}'],
  ['Not read since {}: {}.', 'Sin leer desde {}: {}.'],
  ['Results were last written there {}.', 'Los resultados se escribieron allí por última vez {}.'],
  [
    'Run `crm-kpi status`: it shows what holds the job up.',
    'Ejecute `crm-kpi status`: muestra qué detiene el trabajo.',
  ],
  ['Run `crm-kpi check {}`.', 'Ejecute `crm-kpi check {}`.'],
  ['The API budget is spent: {}.', 'El presupuesto de API está agotado: {}.'],
  ['{} calls of {} (the calls set for one run)', '{} llamadas de {} (las fijadas para una ejecución)'],
  [
    '{} calls of {} ({} of the daily limit of {}), {} of them by earlier runs of the day',
    '{} llamadas de {} ({} del límite diario de {}), {} de ellas en ejecuciones anteriores del día',
  ],
  ['{} calls of {} ({} of the daily limit of {})', '{} llamadas de {} ({} del límite diario de {})'],
  [
    'Nothing is lost and a run of the next day goes on here; to do more in a day, raise apiBudget of this connection.',
    'No se pierde nada y una ejecución del día siguiente continúa aquí; para hacer más en un día, suba apiBudget de esta conexión.',
  ],
  ['The job was stopped after {}, its deadline.', 'El trabajo se detuvo tras {}, su plazo.'],
  [
    'Nothing is lost and the next run goes on here; if it never ends in time, raise the deadline.',
    'No se pierde nada y la próxima ejecución continúa aquí; si nunca termina a tiempo, amplíe el plazo.',
  ],
  ['Another crm-kpi job holds the store: {}.', 'Otro trabajo de crm-kpi ocupa el almacén: {}.'],
  [
    'Wait until it has ended, or stop it; this job changed nothing.',
    'Espere a que termine, o deténgalo; este trabajo no cambió nada.',
  ],
  ['{} asks for a pause of {} minutes.', '{} pide una pausa de {} minutos.'],
  [
    'Nothing is lost; run again after {}, and the work goes on here.',
    'No se pierde nada; ejecute de nuevo después de {} y el trabajo continúa aquí.',
  ],
  ['{} could not be reached: {} ({} attempts).', 'No se pudo llegar a {}: {} ({} intentos).'],
  ['{} could not be reached: {}.', 'No se pudo llegar a {}: {}.'],
  ['its host name was not found', 'no se encontró su nombre de servidor'],
  ['the name server did not answer', 'el servidor de nombres no respondió'],
  ['the connection was refused', 'se rechazó la conexión'],
  ['there is no route to it', 'no hay ruta hasta allí'],
  ['the network is unreachable', 'la red no está disponible'],
  ['no connection came about in time', 'no se estableció la conexión a tiempo'],
  ['the connection timed out', 'se agotó el tiempo de la conexión'],
  ['it did not answer in time', 'no respondió a tiempo'],
  ['it did not answer within {} s', 'no respondió en {} s'],
  ['its answer stalled', 'su respuesta se detuvo'],
  ['the connection broke off', 'la conexión se interrumpió'],
  ['the connection failed', 'la conexión falló'],
  ['the connection failed ({})', 'la conexión falló ({})'],
  ['the proxy refused to connect to it', 'el proxy se negó a conectar'],
  ['its answer was cut off', 'su respuesta llegó cortada'],
  ['its answer was garbled', 'su respuesta llegó dañada'],
  ['its certificate is not trusted ({})', 'su certificado no es de confianza ({})'],
  ['no secure connection came about ({})', 'no se estableció una conexión segura ({})'],
  ['its answer is not valid HTTP ({})', 'su respuesta no es HTTP válido ({})'],
  [
    'Check the host name in the settings and the DNS of this machine.',
    'Revise el nombre de servidor en la configuración y el DNS de esta máquina.',
  ],
  [
    'Check the network of this machine (behind a proxy, see that HTTPS_PROXY names it, and on Node before 24.14 set NODE_USE_ENV_PROXY=1); the next run goes on here.',
    'Revise la red de esta máquina (tras un proxy, que HTTPS_PROXY lo nombre y, con Node anterior a 24.14, NODE_USE_ENV_PROXY=1); la próxima ejecución continúa aquí.',
  ],
  [
    'Nothing needs doing if it was a passing fault: the next run goes on here.',
    'No hay que hacer nada si fue un fallo pasajero: la próxima ejecución continúa aquí.',
  ],
  [
    'Check the address; where a company proxy signs the traffic, set NODE_EXTRA_CA_CERTS to its certificate.',
    'Revise la dirección; si un proxy de la empresa firma el tráfico, ponga su certificado en NODE_EXTRA_CA_CERTS.',
  ],
  [
    'Check HTTPS_PROXY, with user and password where the proxy asks for them; NO_PROXY lists hosts that need none.',
    'Revise HTTPS_PROXY, con usuario y contraseña si el proxy los pide; NO_PROXY enumera los servidores que no lo necesitan.',
  ],
];

/** From English as stages and connectors say it. */
export async function createSpanish({ connections }: Pick<Workspace, 'connections'>): Promise<Translate> {
  const known = new Set(connections.map(({ connector }) => connector));
  const own = await Promise.all([...known].map(async ({ spanish }) => (await spanish?.()) ?? []));
  return createTranslator([...own.flat(), ...phrases]);
}
