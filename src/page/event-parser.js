/**
 * Reads server-sent events out of the pieces in which they come. Only what the daemon sends: `event`, `data`, comments.
 * @param {(event: string, data: string) => void} onEvent
 * @returns {(text: string) => void}
 */
export function openParser(onEvent) {
  let rest = '';
  let event = '';
  /** @type {string[]} */
  let data = [];
  return (text) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line === '') {
        if (data.length > 0) onEvent(event === '' ? 'message' : event, data.join('\n'));
        event = '';
        data = [];
      } else if (line.startsWith('event: ')) event = line.slice(7);
      else if (line.startsWith('data: ')) data.push(line.slice(6));
    }
  };
}
