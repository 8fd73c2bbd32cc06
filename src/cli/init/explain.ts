/** What the person has to do in the CRM before the next question, with the screens as they are called there. */
export const setUpGuides: Readonly<Record<string, string>> = {
  'salesforce client_credentials': `
  In Salesforce (Setup), once, as an admin:
  1. External Client App Manager > New External Client App (connected apps can no longer be made since Spring '26).
     Enable OAuth; callback URL http://localhost:8737/callback; scopes "Manage user data via APIs (api)" and
     "Perform requests at any time (refresh_token, offline_access)"; Flow Enablement: Client Credentials Flow.
  2. The app > Policies > Client Credentials Flow: name the Run As user, best one of the licence "Salesforce
     Integration" with a permission set that reads the objects and their fields (View All Records).
  3. The app > Settings > OAuth Settings > Consumer Key and Secret. A new app works after about ten minutes.`,
  'salesforce authorization_code': `
  In Salesforce (Setup), once, as an admin:
  1. External Client App Manager > New External Client App (connected apps can no longer be made since Spring '26).
     Enable OAuth; callback URL http://localhost:8737/callback; scopes "Manage user data via APIs (api)" and
     "Perform requests at any time (refresh_token, offline_access)"; require PKCE.
  2. The app > Settings > OAuth Settings > Consumer Key. No secret is needed.
  Afterwards \`crm-kpi connect\` signs you in. Users who may only use the API cannot sign in by browser.`,
  'salesforce jwt_bearer': `
  In Salesforce (Setup), once, as an admin:
  1. Make a key and a certificate: openssl req -x509 -newkey rsa:2048 -nodes -days 730 -keyout crm.key -out crm.crt
  2. External Client App Manager > New External Client App: enable OAuth, scopes "api" and "refresh_token", Flow
     Enablement: JWT Bearer Flow, and upload crm.crt.
  3. The app > Policies: Permitted Users = admin-approved; add the user's profile or permission set.`,
  'hubspot private_app': `
  In HubSpot, once, as a super admin:
  1. Settings > Integrations > Service Keys > Create service key (older accounts: an existing private app serves too).
  2. Scopes to read: crm.objects.companies.read, crm.objects.contacts.read, crm.objects.deals.read,
     crm.objects.owners.read, tickets, content, and sales-email-read for the e-mails of sellers.
     To write results back: crm.objects.companies.write, crm.schemas.companies.write, crm.objects.contacts.write; in
     Enterprise accounts instead crm.objects.custom.read and .write, crm.schemas.custom.read and .write.
  3. Copy the key.`,
  'hubspot authorization_code': `
  In HubSpot, once, as a developer of the account:
  1. Development > your app (or a new one) > Auth: OAuth, redirect URL http://localhost:8737/callback; all scopes but
     oauth optional.
  2. Copy client id and client secret from there.
  Afterwards \`crm-kpi connect\` signs you in.`,
};

export const flowChoices: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  salesforce: [
    ['client_credentials', 'an app with its own user: simplest for a nightly job'],
    ['authorization_code', 'a person signs in once, by browser'],
    ['jwt_bearer', 'a certificate instead of a secret'],
  ],
  hubspot: [
    ['private_app', 'a service key, or the token of a private app: simplest'],
    ['authorization_code', 'an OAuth app; a person signs in once, by browser'],
  ],
};
