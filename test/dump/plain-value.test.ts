import { expect, it } from 'vitest';
import { isPlainValue } from '../../src/model/plain-value.ts';

it.each([
  ['LOG_LEVEL', 'info'],
  ['FEATURE_CHECKOUT', 'on'],
  ['DEBUG_TOOLBAR', 'true'],
  ['MAX_CART_ITEMS', '50'],
  ['TIMEOUT_MS', '30000'],
  ['RATIO', '0.25'],
  ['OFFSET', '-1'],
  ['SITE_URL', 'https://acme.com'],
  ['API_URL', 'https://api-2.acme.com:8443/v/hooks'],
  ['STRIPE_WEBHOOK', ''],
  ['RETURN_PATH', '/checkout/thank-you'],
  ['NODE_ENV', 'production'],
  ['AWS_REGION', 'eu-west-1'],
  ['TZ', 'Europe/Berlin'],
  ['EMPTY_TOKEN', ''],
])('%s=%s may stand in a document', (name, value) => {
  expect(isPlainValue(name, value)).toBe(true);
});

it.each([
  ['API_KEY', 'test'],
  ['STRIPE_SECRET', 'true'],
  ['PASSWORD', 'info'],
  ['DB_PASS', '12345'],
  ['SMTPPASS', 'debug'],
  ['ADMIN_PIN', '1234'],
  ['AUTH_MODE', 'basic'],
  ['DATABASE_URL', 'https://db.acme.com'],
  ['SLACK_WEBHOOK', 'https://hooks.slack.com/services'],
  ['GREETING', 'hunter'],
  ['GREETING', 'correct-horse-battery-staple'],
  ['FRIEND', 'letmein'],
  ['NUMBER', '123456'],
  ['CARD', '4242424242424242'],
  ['HOOK_URL', 'https://hooks.example.com/services/T00000000/B00000000/XXXXXXXX'],
  ['API_URL', 'https://user:pass@acme.com'],
  ['API_URL', 'https://acme.com/?token=abc'],
  ['API_URL', 'https://acme.com/#abc'],
  ['API_URL', 'https://a1b2c3d4e5f6.acme.com'],
  ['API_URL', 'postgres://acme.com/db'],
  ['LOG_LEVEL', 'info\nsecret'],
  ['LOG_LEVEL', 'a1b2c3d4'],
  ['LOG_LEVEL', 'abcdefghijklmnopqrstuvwxyz'],
  ['MODE', 'sk-abcdefabcdefabcdefab'],
  ['NAME', 'Ada Lovelace'],
  ['SUPPORT', 'help@acme.example'],
  ['ID', '7d9f6c1e-8a34-4c65-9f3b-0d9a1c2e5b77'],
  ['HEX', 'deadbeefdeadbeef'],
  ['JSON', '{"a":1}'],
  ['SPACE', ' '],
])('%s=%s may not', (name, value) => {
  expect(isPlainValue(name, value)).toBe(false);
});
