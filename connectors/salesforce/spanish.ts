import type { Phrase } from '../../src/model/phrases.ts';

/** What explain.ts, auth-errors.ts and plan-streams.ts say. Names of the vendor's menus stay as Salesforce writes them in English. */
export const phrases: readonly Phrase[] = [
  [
    'Salesforce does not show {} to this user, or this org does not have it: {}',
    'Salesforce no muestra {} a este usuario, o esta organización no lo tiene: {}',
  ],
  [
    'Salesforce does not show {} to this user, or this org does not have it',
    'Salesforce no muestra {} a este usuario, o esta organización no lo tiene',
  ],
  ['Salesforce does not show {} to this user', 'Salesforce no muestra {} a este usuario'],
  ['this user may not read {}', 'este usuario no puede leer {}'],
  ['this user may not use {}', 'este usuario no puede usar {}'],
  [
    '{} has no field {} that this user may read or filter by',
    '{} no tiene un campo {} que este usuario pueda leer o por el que pueda filtrar',
  ],
  [
    'Salesforce could not read the query on {}: {}',
    'Salesforce no pudo interpretar la consulta sobre {}: {}',
  ],
  [
    'the API is not enabled for this org or user',
    'la API no está habilitada para esta organización o este usuario',
  ],
  ['the API is switched off for this user', 'la API está desactivada para este usuario'],
  [
    '{} spans more than 100,000 related records, which Salesforce lets only unrestricted users read',
    '{} abarca más de 100.000 registros relacionados, que Salesforce solo deja leer a usuarios sin restricciones',
  ],
  [
    'Salesforce found more records of {} at once than it can name in one answer',
    'Salesforce encontró a la vez más registros de {} de los que caben en una respuesta',
  ],
  [
    'Salesforce cancelled the query on {} after two minutes, more than once',
    'Salesforce canceló la consulta sobre {} a los dos minutos, más de una vez',
  ],
  [
    'a transaction security policy of the org blocks the reading',
    'una política de seguridad de transacciones de la organización impide la lectura',
  ],
  ['the org is at its limit of API calls', 'la organización ha llegado a su límite de llamadas a la API'],
  ['the org has no data storage left', 'a la organización no le queda almacenamiento de datos'],
  ['this API version has been retired by Salesforce', 'Salesforce ha retirado esta versión de la API'],
  ['Salesforce sent us elsewhere (HTTP {})', 'Salesforce nos envió a otra dirección (HTTP {})'],
  ['Salesforce answered HTTP {}, {}', 'Salesforce respondió HTTP {}, {}'],
  ['no reason given', 'sin indicar el motivo'],
  ['this connection has no such object', 'esta conexión no tiene ese objeto'],
  [
    'the org demands a high-assurance session for the API',
    'la organización exige una sesión de alta seguridad para la API',
  ],
  ['the app is not attached to its agent user', 'la aplicación no está unida a su usuario agente'],
  ['Salesforce did not accept the session', 'Salesforce no aceptó la sesión'],
  [
    'the refresh token is revoked, expired or replaced',
    'el token de renovación está revocado, caducado o sustituido',
  ],
  ['the user is not approved for this app', 'el usuario no está autorizado para esta aplicación'],
  ['the audience of the JWT is wrong', 'la audiencia del JWT no es correcta'],
  ['the app has no user to run as', 'la aplicación no tiene un usuario con el que ejecutarse'],
  [
    'this flow works only on the My Domain of the org',
    'este flujo solo funciona en el My Domain de la organización',
  ],
  [
    'the app does not know the address to return to',
    'la aplicación no conoce la dirección a la que debe volver',
  ],
  [
    'the sign-in took too long or was answered twice',
    'el inicio de sesión tardó demasiado o se respondió dos veces',
  ],
  ['the signed assertion was refused', 'se rechazó la aserción firmada'],
  ['the user is locked or inactive', 'el usuario está bloqueado o inactivo'],
  ['Salesforce refused the user', 'Salesforce rechazó al usuario'],
  ['Salesforce does not know this client id', 'Salesforce no conoce este id de cliente'],
  ['the client secret (or client id) is wrong', 'el secreto de cliente (o el id de cliente) no es correcto'],
  ['the app or the org does not allow this flow', 'la aplicación o la organización no permite este flujo'],
  ['the app lacks a scope', 'a la aplicación le falta un ámbito (scope)'],
  ['the user may not use this app', 'el usuario no puede usar esta aplicación'],
  ['the user is inactive', 'el usuario está inactivo'],
  ['the org is closed or locked', 'la organización está cerrada o bloqueada'],
  [
    'Salesforce limits sign-ins of this user for now',
    'Salesforce limita por ahora los inicios de sesión de este usuario',
  ],
  ['Salesforce refused the sign-in ({})', 'Salesforce rechazó el inicio de sesión ({})'],
  ['the sign-in page answered HTTP {}', 'la página de inicio de sesión respondió HTTP {}'],
  [
    'no Salesforce sign-in answers there (HTTP {})',
    'allí no responde ningún inicio de sesión de Salesforce (HTTP {})',
  ],
  // What is missing without an object.
  ['working hours come from the settings alone', 'el horario laboral sale solo de la configuración'],
  ['holidays come from the settings alone', 'los festivos salen solo de la configuración'],
  ['fiscal periods come from the settings alone', 'los periodos fiscales salen solo de la configuración'],
  ['reports that nobody runs are not found', 'no se encuentran los informes que nadie ejecuta'],
  ['articles of the knowledge base have no data', 'los artículos de la base de conocimiento no tienen datos'],
  ['customers are recognised by their purchases alone', 'los clientes se reconocen solo por sus compras'],
  [
    'quota attainment has no data from here; quotas can be entered by a csv connection',
    'el cumplimiento de cuotas no tiene datos de aquí; las cuotas pueden llegar por una conexión csv',
  ],
  [
    'the share of answered surveys has no data from here',
    'la proporción de encuestas respondidas no tiene datos de aquí',
  ],
  [
    'satisfaction has no data from here; another object can feed it under `entities`',
    'la satisfacción no tiene datos de aquí; otro objeto puede aportarlos en `entities`',
  ],
  ['no results by team', 'no hay resultados por equipo'],
  ['no results by person', 'no hay resultados por persona'],
  ['cases in a queue belong to nobody', 'los casos de una cola no pertenecen a nadie'],
  ['no results by stage', 'no hay resultados por etapa'],
  ['reopened cases are not recognised', 'no se reconocen los casos reabiertos'],
  ['no results by customer category', 'no hay resultados por categoría de cliente'],
  ['no campaign KPI has data', 'ningún KPI de campañas tiene datos'],
  ['response rates have no data', 'las tasas de respuesta no tienen datos'],
  [
    'e-mail rates have no data from here; another object can feed them under `entities`',
    'las tasas de correo no tienen datos de aquí; otro objeto puede aportarlos en `entities`',
  ],
  ['no lead KPI has data', 'ningún KPI de clientes potenciales tiene datos'],
  ['no deal KPI has data', 'ningún KPI de oportunidades tiene datos'],
  [
    'past pipeline and time in stage have no data',
    'la cartera pasada y el tiempo en cada etapa no tienen datos',
  ],
  ['no case KPI has data', 'ningún KPI de casos tiene datos'],
  [
    'reopened cases and past ownership have no data',
    'los casos reabiertos y los propietarios anteriores no tienen datos',
  ],
  [
    'tasks, calls and logged e-mails are not counted',
    'no se cuentan las tareas, las llamadas ni los correos registrados',
  ],
  ['meetings are not counted', 'no se cuentan las reuniones'],
  // What to do.
  [
    'Give the integration user Read and View All Records on the object in a permission set, or leave its group out of `objects`.',
    'Dé al usuario de integración Read y View All Records sobre el objeto en un permission set, o quite su grupo de `objects`.',
  ],
  [
    'Give the integration user Read and View All Records on the object, or leave its group out of `objects`.',
    'Dé al usuario de integración Read y View All Records sobre el objeto, o quite su grupo de `objects`.',
  ],
  [
    'Grant Read on these fields to the integration user in a permission set.',
    'Dé al usuario de integración Read sobre estos campos en un permission set.',
  ],
  [
    'Correct the name in the settings, or grant Read on the field to the integration user in a permission set.',
    'Corrija el nombre en la configuración, o dé al usuario de integración Read sobre el campo en un permission set.',
  ],
  [
    'Grant Read on the field to the integration user in a permission set, or correct its name in the settings.',
    'Dé al usuario de integración Read sobre el campo en un permission set, o corrija su nombre en la configuración.',
  ],
  [
    'Grant it to the integration user in a permission set.',
    'Concédaselo al usuario de integración en un permission set.',
  ],
  [
    'Check `where` and the field names in `fields` and `entities` of this connection.',
    'Revise `where` y los nombres de campos en `fields` y `entities` de esta conexión.',
  ],
  [
    'Use an edition with API access, and give the user the permission "API Enabled".',
    'Use una edición con acceso a la API y dé al usuario el permiso "API Enabled".',
  ],
  ['Give the user the permission "API Enabled".', 'Dé al usuario el permiso "API Enabled".'],
  [
    'Give the integration user the permission "View All Data", or View All Records on the object.',
    'Dé al usuario de integración el permiso "View All Data", o View All Records sobre el objeto.',
  ],
  [
    'Give the integration user the permission "Exempt from Transaction Security".',
    'Dé al usuario de integración el permiso "Exempt from Transaction Security".',
  ],
  [
    'Run again: less is asked for at a time. If it stays, run `crm-kpi sync --full`.',
    'Ejecute de nuevo: se pide menos de una vez. Si persiste, ejecute `crm-kpi sync --full`.',
  ],
  [
    'Run again at a quieter hour; set `since` to read less.',
    'Ejecute de nuevo a una hora más tranquila; con `since` se lee menos.',
  ],
  ['Nothing is lost: the next run goes on.', 'No se pierde nada: la próxima ejecución continúa.'],
  [
    'Free storage (Setup > Storage Usage), or publish fewer KPIs, segments and periods.',
    'Libere almacenamiento (Setup > Storage Usage), o publique menos KPI, segmentos y periodos.',
  ],
  [
    'Remove apiVersion from the connection, or set a newer one.',
    'Quite apiVersion de la conexión, o ponga una más reciente.',
  ],
  [
    "Set loginUrl to the org's own My Domain address.",
    'Ponga en loginUrl la dirección My Domain propia de la organización.',
  ],
  [
    'Run again later; if it stays, look at status.salesforce.com.',
    'Ejecute más tarde; si persiste, mire status.salesforce.com.',
  ],
  [
    'Relax "High assurance session required" for API access of this user (Session Settings of the profile).',
    'Relaje "High assurance session required" para el acceso a la API de este usuario (Session Settings del perfil).',
  ],
  [
    'Use an external client app with a run-as user.',
    'Use una external client app con un usuario de ejecución (Run As).',
  ],
  [
    'Check the app and the user (Setup > Login History says why), then run `crm-kpi check`; renew an accessToken given in the settings.',
    'Revise la aplicación y el usuario (Setup > Login History dice el motivo) y ejecute `crm-kpi check`; renueve el accessToken si está en la configuración.',
  ],
  ['Sign in again: `crm-kpi connect {}`.', 'Inicie sesión de nuevo: `crm-kpi connect {}`.'],
  [
    'Setup > Login History names the reason; run `crm-kpi check` after the correction.',
    'Setup > Login History indica el motivo; ejecute `crm-kpi check` tras corregirlo.',
  ],
  [
    'Setup > Users: unlock or activate the integration user.',
    'Setup > Users: desbloquee o active el usuario de integración.',
  ],
  ['Setup > Users: activate the integration user.', 'Setup > Users: active el usuario de integración.'],
  [
    'Copy the consumer secret again from the settings of the external client app.',
    'Copie de nuevo el consumer secret de los ajustes de la external client app.',
  ],
  [
    'Copy the consumer key again; a new app needs about ten minutes, and a refreshed sandbox has lost its apps. loginUrl must be that of the org.',
    'Copie de nuevo la consumer key; una aplicación nueva necesita unos diez minutos, y un sandbox renovado ha perdido sus aplicaciones. loginUrl debe ser la de la organización.',
  ],
  [
    "Set loginUrl to the org's My Domain, as https://acme.my.salesforce.com (Setup > My Domain).",
    'Ponga en loginUrl el My Domain de la organización, como https://acme.my.salesforce.com (Setup > My Domain).',
  ],
  [
    'Wait some minutes; look for another program that signs in all the time.',
    'Espere unos minutos; busque otro programa que inicie sesión continuamente.',
  ],
];
