import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSecretName, mask, maskedText, maskedValue } from '../../src/model/secret.ts';

describe('a name', () => {
  it.each([
    'TOKEN', 'GITHUB_TOKEN', 'NPM_AUTH_TOKEN', 'npm_config__authToken', 'accessToken', 'AUTHTOKEN', 'API_TOKENS', 'SECRET', 'CLIENT_SECRET', 'SECRET_KEY_BASE',
    'DJANGO_SECRET', 'AWS_SECRET_ACCESS_KEY', 'AWS_ACCESS_KEY_ID', 'AWS_SESSION_TOKEN', 'PASSWORD', 'PGPASSWORD', 'DB_PASSWORD', 'DB_PASS', 'MYSQL_PWD', 'MYSQL_ROOT_PASSWD',
    'GPG_PASSPHRASE', 'API_KEY', 'APIKEY', 'STRIPE_KEY', 'OPENAI_API_KEY', 'API_KEY_2', 'PRIVATE_KEY', 'SSH_PRIVATE_KEY', 'SSH_PRIVATE_KEY_2', 'ENCRYPTION_KEY', 'CREDENTIALS',
    'AZURE_CREDENTIAL', 'DB_CREDS', 'BASIC_AUTH', 'NPM_AUTH', 'PROXY_AUTHORIZATION', 'SESSION_COOKIE', 'JWT', 'SLACK_WEBHOOK_URL', 'TOKEN_SALT', 'GH_PAT',
  ])('%s is secret', (name) => {
    expect(isSecretName(name)).toBe(true);
  });

  it.each([
    'PATH', 'HOME', 'PWD', 'OLDPWD', 'KEYBOARD', 'KEYMAP', 'MONKEY', 'TURKEY', 'DEVSHELL_RELOAD_KEYBIND', 'AUTHOR', 'GIT_AUTHOR_NAME', 'AUTHORS', 'XAUTHORITY', 'SSH_AUTH_SOCK',
    'TOKENIZERS_PARALLELISM', 'TOKENIZER', 'MAX_TOKENS', 'TOKEN_LIMIT', 'TOKEN_TTL', 'TOKEN_URL', 'SECRETARY', 'SECRET_NAME', 'PASSWORD_STORE_DIR', 'PASSWORD_FILE', 'PGPASSFILE',
    'GIT_ASKPASS', 'SSH_ASKPASS', 'SUDO_ASKPASS', 'COMPASS', 'PASSENGER_APP_ENV', 'BYPASS', 'PUBLIC_KEY', 'STRIPE_PUBLISHABLE_KEY', 'SORT_KEY', 'PRIMARY_KEY', 'CACHE_KEY',
    'GOOGLE_APPLICATION_CREDENTIALS', 'AWS_SHARED_CREDENTIALS_FILE', 'AUTH_METHOD', 'AUTH_URL', 'OAUTH_PROVIDER', 'COOKIES_ENABLED', 'DATABASE_URL', 'PATTERN', 'SPAT', '',
  ])('%s is not', (name) => {
    expect(isSecretName(name)).toBe(false);
  });
});

const privateKey = ['-----BEGIN RSA ', 'PRIVATE KEY-----\nMII\n-----END RSA ', 'PRIVATE KEY-----'].join('');

describe('a value', () => {
  it.each<[string, string, string]>([
    ['GITHUB_TOKEN', 'ghp_x', mask],
    ['USE_AUTH', 'true', 'true'],
    ['DB_PASSWORD', '', ''],
    ['PIN_PASSWORD', '1234', mask],
    ['DATABASE_URL', 'postgres://me:hunter2@localhost:5432/db', `postgres://me:${mask}@localhost:5432/db`],
    ['DATABASE_URL', 'postgres://me@localhost/db', 'postgres://me@localhost/db'],
    ['REDIS', 'redis://:hunter2@localhost', `redis://:${mask}@localhost`],
    ['PROXY', 'http://a:b@c d http://e:f@g', `http://a:${mask}@c d http://e:${mask}@g`],
    ['REMOTE', 'https://0123456789abcdef0123@github.com/x.git', `https://${mask}@github.com/x.git`],
    ['HOOK', 'https://x.example/?a=1&token=abc&b=2', `https://x.example/?a=1&token=${mask}&b=2`],
    ['ANY', `Bearer ghp_${'0123456789'.repeat(3)}`, `Bearer ${mask}`],
    ['CERT', `a\n${privateKey}\nb`, `a\n${mask}\nb`],
    ['CERT', `a\n${privateKey.slice(0, 40)}`, `a\n${mask}`],
    ['EMAIL', 'me@example.com', 'me@example.com'],
    ['IMAGE', 'registry:5000/a@sha256:0', 'registry:5000/a@sha256:0'],
    ['PATH', '/usr/bin:/bin', '/usr/bin:/bin'],
  ])('%s=%s is shown as %s', (name, value, shown) => {
    expect(maskedValue(name, value)).toBe(shown);
  });

  it('of a secret name is not seen in what is shown, nor how long it is', () => {
    const long = fc.string({ minLength: 6 });
    fc.assert(fc.property(long, (value) => maskedValue('API_KEY', value) === mask));
  });
});

describe('a text', () => {
  it.each<[string, string]>([
    ['API_TOKEN=abc', `API_TOKEN=${mask}`],
    ['export API_TOKEN="a b c" X=1', `export API_TOKEN=${mask} X=1`],
    ['{"password": "x, y", "user": "me"}', `{"password": ${mask}, "user": "me"}`],
    ["api_key = 'x'", `api_key = ${mask}`],
    ['DB_PASSWORD = "open', `DB_PASSWORD = ${mask}`],
    ['TOKEN=$OTHER', 'TOKEN=$OTHER'],
    ['curl https://me:pw@host/', `curl https://me:${mask}@host/`],
    ['op run --token=abc --user me', `op run --token=${mask} --user me`],
    ['op run --api-key abc', `op run --api-key ${mask}`],
    ['op --password --user me', 'op --password --user me'],
    ['AUTHOR=me', 'AUTHOR=me'],
    ['API_TOKEN: a ${ is not closed', 'API_TOKEN: a ${ is not closed'],
    ['cannot read secrets.env: no such file', 'cannot read secrets.env: no such file'],
    ['devshell.toml:3:1: unknown key `token`', 'devshell.toml:3:1: unknown key `token`'],
  ])('%s is shown as %s', (text, shown) => {
    expect(maskedText(text)).toBe(shown);
  });

  it('is gone through in no time, whatever it is', () => {
    for (const part of ['a.', 'a-', 'a ', 'a=', '"a', "a'", '://', 'x://y:', '?token', '-----BEGIN PRIVATE KEY-----', '--token ', 'eyJaaaaaaaa.', '\\"']) {
      const startedAtMs = performance.now();
      maskedText(part.repeat(100_000 / part.length));
      expect(performance.now() - startedAtMs, part).toBeLessThan(2000);
    }
  });
});
