// handling: TLP:AMBER
CREATE CONSTRAINT casefile_id IF NOT EXISTS FOR (n:CaseFile) REQUIRE n.id IS UNIQUE;
UNWIND [
{id: 'party/t/hub', kind: 'party', name: 'hub', chosen: true},
{id: 'party/t/n1000', kind: 'party', name: '=1+1', chosen: false, records: ['party/t/n1000', 'party/t/hub'], start: date('2021-07-29'), end: date('2021-07-30'), doubts: 'name "=1+1": format', rows: ['s-0123456789abcdef:2'], attributes: '[{"name":"kind","value":"=1+1"},{"name":"name","value":"=1+1","mark":"format"},{"name":"name","value":"second"}]', stated_kind: '=1+1', stated_name: '=1+1; second'},
{id: 'party/t/n1001', kind: 'party', name: '=cmd|\' /C calc\'!A0', chosen: false, records: ['party/t/n1001', 'party/t/hub'], start: date('2021-07-29'), end: date('2021-07-31'), doubts: 'name "=cmd|\' /C calc\'!A0": format', rows: ['s-0123456789abcdef:3'], attributes: '[{"name":"kind","value":"=cmd|\' /C calc\'!A0"},{"name":"name","value":"=cmd|\' /C calc\'!A0","mark":"format"},{"name":"name","value":"second"}]', stated_kind: '=cmd|\' /C calc\'!A0', stated_name: '=cmd|\' /C calc\'!A0; second'},
{id: 'party/t/n1002', kind: 'party', name: '+1', chosen: false, records: ['party/t/n1002', 'party/t/hub'], start: date('2021-07-29'), end: date('2021-08-01'), doubts: 'name "+1": format', rows: ['s-0123456789abcdef:4'], attributes: '[{"name":"kind","value":"+1"},{"name":"name","value":"+1","mark":"format"},{"name":"name","value":"second"}]', stated_kind: '+1', stated_name: '+1; second'}
] AS p MERGE (n:CaseFile {id: p.id}) SET n:Party SET n += p;
UNWIND [
{from: 'party/t/n1000', to: 'party/t/hub', p: {id: 'ce7adce3-11c1-5ac7-9dbb-32fcc0dc54d8', edge: 'e1', start: date('2021-07-29'), event: '=1+1', rows: ['s-0123456789abcdef:7'], attributes: '[{"name":"value","value":"=1+1"}]', value: '=1+1'}},
{from: 'party/t/n1001', to: 'party/t/hub', p: {id: '990d7810-d7ef-579e-b675-279087a52d51', edge: 'e2', start: date('2021-07-29'), event: '=cmd|\' /C calc\'!A0', rows: ['s-0123456789abcdef:7'], attributes: '[{"name":"value","value":"=cmd|\' /C calc\'!A0"}]', value: '=cmd|\' /C calc\'!A0'}},
{from: 'party/t/n1002', to: 'party/t/hub', p: {id: '8a72684e-2f0e-512b-ae62-c62a8ff10056', edge: 'e3', start: date('2021-07-29'), event: '+1', rows: ['s-0123456789abcdef:7'], attributes: '[{"name":"value","value":"+1"}]', value: '+1'}}
] AS row MATCH (a:CaseFile {id: row.from}) MATCH (b:CaseFile {id: row.to}) MERGE (a)-[r:IMPORTER {id: row.p.id}]->(b) SET r += row.p;
