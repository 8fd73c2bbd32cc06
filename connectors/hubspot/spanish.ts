import type { Phrase } from '../../src/model/phrases.ts';

/** What explain.ts and the streams say. Names of menus stay as HubSpot writes them in English. */
export const phrases: readonly Phrase[] = [
  ['{} [HubSpot correlation id {}] {}', '{} [id de correlación de HubSpot {}] {}'],
  ['{} [HubSpot correlation id {}]', '{} [id de correlación de HubSpot {}]'],
  [
    'The refresh token is invalid, expired or revoked.',
    'El token de renovación no es válido, ha caducado o está revocado.',
  ],
  ['HubSpot refuses to issue a token ({}).', 'HubSpot se niega a emitir un token ({}).'],
  [
    'Sign in again: crm-kpi connect NAME; or put a new refreshToken into the settings.',
    'Inicie sesión de nuevo: crm-kpi connect NOMBRE; o ponga un refreshToken nuevo en la configuración.',
  ],
  [
    "Compare clientId and clientSecret with the app's Auth page in HubSpot (Development > your app > Auth).",
    'Compare clientId y clientSecret con la página Auth de la aplicación en HubSpot (Development > su aplicación > Auth).',
  ],
  ['The access token is expired or not valid.', 'El token de acceso ha caducado o no es válido.'],
  ['HubSpot does not accept the access token.', 'HubSpot no acepta el token de acceso.'],
  [
    'In HubSpot open Settings > Integrations > Service Keys (older accounts: Private Apps), copy the token and put it into .env as the settings name it; an app signs in anew with crm-kpi connect NAME.',
    'En HubSpot abra Settings > Integrations > Service Keys (cuentas antiguas: Private Apps), copie el token y póngalo en .env con el nombre que usa la configuración; una aplicación inicia sesión de nuevo con crm-kpi connect NOMBRE.',
  ],
  [
    'The token may not read or write {}: scope {} is missing.',
    'El token no puede leer ni escribir {}: falta el ámbito (scope) {}.',
  ],
  [
    'In HubSpot open Settings > Integrations > Service Keys (or Private Apps), choose the key, add {} under Scopes and save.',
    'En HubSpot abra Settings > Integrations > Service Keys (o Private Apps), elija la clave, añada {} en Scopes y guarde.',
  ],
  [
    'HubSpot refuses {}: a scope is missing, or the subscription does not include it.',
    'HubSpot deniega {}: falta un ámbito (scope), o la suscripción no lo incluye.',
  ],
  [
    'Compare the scopes of the key (Settings > Integrations > Service Keys) with the connector’s README, and the account’s products (Settings > Account & Billing).',
    'Compare los ámbitos de la clave (Settings > Integrations > Service Keys) con el README del conector, y los productos de la cuenta (Settings > Account & Billing).',
  ],
  ['HubSpot does not have {}.', 'HubSpot no tiene {}.'],
  [
    'Check the name; an object or tool that this account has not switched on cannot be used.',
    'Revise el nombre; un objeto o herramienta que esta cuenta no ha activado no se puede usar.',
  ],
  [
    "HubSpot's rate limit is exceeded again and again (status {}).",
    'Se supera una y otra vez el límite de frecuencia de HubSpot (estado {}).',
  ],
  [
    'HubSpot has locked these records while others write them (status {}).',
    'HubSpot ha bloqueado estos registros mientras otros los escriben (estado {}).',
  ],
  [
    'HubSpot is moving this account to another data centre (status {}).',
    'HubSpot está trasladando esta cuenta a otro centro de datos (estado {}).',
  ],
  ['Run again later; nothing is lost.', 'Ejecute más tarde; no se pierde nada.'],
  ['HubSpot failed (status {}) and went on failing.', 'HubSpot falló (estado {}) y siguió fallando.'],
  [
    'Run again later; if it persists, look at status.hubspot.com or at the proxy in between.',
    'Ejecute más tarde; si persiste, mire status.hubspot.com o el proxy intermedio.',
  ],
  ['HubSpot refused the request (status {}).', 'HubSpot rechazó la petición (estado {}).'],
  [
    'Run crm-kpi check; it names properties and permissions that do not fit.',
    'Ejecute crm-kpi check: indica las propiedades y los permisos que no encajan.',
  ],
  [
    'Quotas then have to come from the settings or a file.',
    'Entonces las cuotas tienen que venir de la configuración o de un archivo.',
  ],
  [
    'Amounts in other currencies than {} then need rates from another source.',
    'Entonces los importes en monedas distintas de {} necesitan tipos de cambio de otra fuente.',
  ],
  [
    'Automated e-mails then count on the day of their publication.',
    'Entonces los correos automáticos cuentan el día de su publicación.',
  ],
  ['{} names the property {}, which {} do not have.', '{} nombra la propiedad {}, que {} no tienen.'],
];
