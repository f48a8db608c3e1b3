PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
INSERT INTO grdb_migrations VALUES('v1');
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
INSERT INTO meta VALUES('storeID','3cc7251df44f5fcbc8d73f1d478e1372');
CREATE TABLE head (id INTEGER PRIMARY KEY CHECK (id = 1), epoch INTEGER NOT NULL, seq INTEGER NOT NULL);
INSERT INTO head VALUES(1,2,32);
CREATE TABLE owner (
  epoch INTEGER PRIMARY KEY, pid INTEGER NOT NULL, start_ticks TEXT NOT NULL, boot_id TEXT NOT NULL,
  since INTEGER NOT NULL);
INSERT INTO owner VALUES(1,25993,'443864','00000000-0000-4000-8000-000000000000',1700000000000);
INSERT INTO owner VALUES(2,25993,'443864','00000000-0000-4000-8000-000000000000',1700000000000);
CREATE TABLE text (id INTEGER PRIMARY KEY, sha256 TEXT NOT NULL UNIQUE, body BLOB NOT NULL, sum INTEGER NOT NULL);
INSERT INTO text VALUES(1,'hash-of-definition',X'6e616d653a206275696c6400c3a90a',8028780286854943704);
INSERT INTO text VALUES(2,'hash-of-script',X'7072696e74283129',3696579607971953430);
CREATE TABLE run (
  number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, workflow TEXT NOT NULL, status TEXT NOT NULL,
  created_at INTEGER NOT NULL, seq INTEGER NOT NULL, state TEXT NOT NULL);
INSERT INTO run VALUES(1,'run-a','build','succeeded',1000,27,'{"id":"run-a","workflow":"build","definitionHash":"hash-of-definition","definitionPath":"/work/.ion/workflows/build.yaml","status":"succeeded","attempt":1,"createdAt":1000,"endedAt":2000,"counts":{"pending":1,"succeeded":1}}');
INSERT INTO run VALUES(2,'run-b','test','running',1000,29,'{"id":"run-b","workflow":"test","definitionHash":"hash-of-definition","definitionPath":"/work/.ion/workflows/build.yaml","status":"running","attempt":1,"createdAt":1000,"counts":{"pending":2}}');
CREATE TABLE request (run INTEGER PRIMARY KEY, body TEXT NOT NULL, sum INTEGER NOT NULL);
INSERT INTO request VALUES(1,'{"workingPath":"/work","message":"go","inputs":{"level":3},"frozenFiles":{"lint.py":"hash-of-script"}}',4694491341028868966);
INSERT INTO request VALUES(2,'{"workingPath":"/work","message":"go","inputs":{"level":3},"frozenFiles":{"lint.py":"hash-of-script"}}',4694491341028868966);
CREATE TABLE run_text (run INTEGER NOT NULL, sha256 TEXT NOT NULL, PRIMARY KEY (run, sha256)) WITHOUT ROWID;
INSERT INTO run_text VALUES(1,'hash-of-definition');
INSERT INTO run_text VALUES(2,'hash-of-definition');
INSERT INTO run_text VALUES(1,'hash-of-script');
INSERT INTO run_text VALUES(2,'hash-of-script');
CREATE TABLE node (
  id INTEGER PRIMARY KEY, run INTEGER NOT NULL, node TEXT NOT NULL, position INTEGER NOT NULL, state TEXT NOT NULL,
  output TEXT, UNIQUE (run, node));
INSERT INTO node VALUES(1,1,'compile',0,'{"node":"compile","index":0,"status":"succeeded","attempt":1,"startedAt":1100,"endedAt":1200,"output":{"length":4,"sha256":"hash-of-output"}}','fine');
INSERT INTO node VALUES(2,1,'test',1,'{"node":"test","index":1,"status":"pending","attempt":0}',NULL);
INSERT INTO node VALUES(3,2,'compile',0,'{"node":"compile","index":0,"status":"pending","attempt":0}',NULL);
INSERT INTO node VALUES(4,2,'test',1,'{"node":"test","index":1,"status":"pending","attempt":0}',NULL);
CREATE TABLE event (
  seq INTEGER PRIMARY KEY, run INTEGER NOT NULL, class INTEGER NOT NULL, kind TEXT NOT NULL, node TEXT,
  attempt INTEGER, epoch INTEGER NOT NULL, wall_time INTEGER NOT NULL, boot_time INTEGER NOT NULL, payload TEXT,
  sum INTEGER NOT NULL);
INSERT INTO event VALUES(1,1,2,'created',NULL,NULL,2,1700000000000,42,'{"record":{"id":"run-a","workflow":"build","definitionHash":"hash-of-definition","definitionPath":"/work/.ion/workflows/build.yaml","status":"running","attempt":1,"createdAt":1000,"counts":{"pending":2}},"request":{"workingPath":"/work","message":"go","inputs":{"level":3},"frozenFiles":{"lint.py":"hash-of-script"}},"nodes":["compile","test"],"texts":["hash-of-definition","hash-of-script"],"key":"key-a","parametersHash":"p"}',2158656369963594317);
INSERT INTO event VALUES(2,1,1,'message',NULL,NULL,2,1700000000000,42,'{"level":"info","text":"created"}',8527219517210570362);
INSERT INTO event VALUES(3,1,0,'started',NULL,NULL,2,1700000000000,42,NULL,-568930318646305320);
INSERT INTO event VALUES(4,1,0,'resumed',NULL,NULL,2,1700000000000,42,NULL,8201617722260014011);
INSERT INTO event VALUES(5,1,0,'inherited','a',NULL,2,1700000000000,42,'{"text":"x\u0000\"é","length":5,"sha256":"ab"}',7941983890490791237);
INSERT INTO event VALUES(6,1,0,'conditionSettled','a',NULL,2,1700000000000,42,'{"verdict":"met"}',6670040652620620027);
INSERT INTO event VALUES(7,1,0,'conditionSettled','a',NULL,2,1700000000000,42,'{"verdict":"unmet"}',-3808131967355194040);
INSERT INTO event VALUES(8,1,0,'conditionSettled','a',NULL,2,1700000000000,42,'{"verdict":"failed","message":"no b"}',-2683892282610887872);
INSERT INTO event VALUES(9,1,0,'slotGranted','a[linux]',NULL,2,1700000000000,42,NULL,4455843503972957099);
INSERT INTO event VALUES(10,1,0,'stepSpawned','a',NULL,2,1700000000000,42,'{"pid":77,"startTicks":"18446744073709551615","bootID":"b-1"}',7024449902496660891);
INSERT INTO event VALUES(11,1,0,'stepSucceeded','a',NULL,2,1700000000000,42,'{"file":"a/1.out","length":70000,"sha256":"cd"}',163324628463989888);
INSERT INTO event VALUES(12,1,0,'stepFailed','a',NULL,2,1700000000000,42,'{"failure":"exit","message":"exit 3","exitCode":3,"transient":true,"dice":"3fb999999999999a"}',7839679527303883530);
INSERT INTO event VALUES(13,1,0,'stepFailed','a',NULL,2,1700000000000,42,'{"failure":"signal","message":"killed","signal":9,"transient":false,"dice":"0"}',6547839632292681039);
INSERT INTO event VALUES(14,1,0,'stepStopped','a',NULL,2,1700000000000,42,NULL,-8377774714451112527);
INSERT INTO event VALUES(15,1,0,'stepLost','a',NULL,2,1700000000000,42,NULL,7524549744474922128);
INSERT INTO event VALUES(16,1,0,'retryDelayElapsed','a',NULL,2,1700000000000,42,NULL,-9162552786213474469);
INSERT INTO event VALUES(17,1,0,'runTimeoutElapsed',NULL,NULL,2,1700000000000,42,NULL,3657140288287888358);
INSERT INTO event VALUES(18,1,0,'cancelRequested',NULL,NULL,2,1700000000000,42,NULL,-2488189615648203940);
INSERT INTO event VALUES(19,1,0,'cancelRequested',NULL,NULL,2,1700000000000,42,'{"reason":""}',-1874392562504942940);
INSERT INTO event VALUES(20,1,0,'nodeCancelRequested','a',NULL,2,1700000000000,42,'{"reason":"slow"}',-8435760041670503123);
INSERT INTO event VALUES(21,1,0,'nodeCancelRequested','a',NULL,2,1700000000000,42,NULL,-5823960599021721449);
INSERT INTO event VALUES(22,1,0,'interrupted',NULL,NULL,2,1700000000000,42,'{"reason":"exit"}',-7303687257551438698);
INSERT INTO event VALUES(23,1,0,'slotGranted','compile',1,2,1700000000000,42,NULL,9183450716881008217);
INSERT INTO event VALUES(24,1,0,'stepSucceeded','compile',1,2,1700000000000,42,'{"text":"fine","length":4,"sha256":"hash-of-output"}',2749745373265580716);
INSERT INTO event VALUES(25,1,1,'progress',NULL,NULL,2,1700000000000,42,'{"status":"running","attempt":1,"counts":{"pending":1,"succeeded":1},"nodes":[{"node":"compile","index":0,"status":"succeeded","attempt":1,"startedAt":1100,"endedAt":1200,"output":{"length":4,"sha256":"hash-of-output"}}],"time":2000}',-8478691072189221005);
INSERT INTO event VALUES(26,1,1,'artifact',NULL,NULL,2,1700000000000,42,'{"node":"compile","name":"out/a.txt","type":"report","mediaType":"text/plain","size":3,"sha256":"hash-of-artifact","createdAt":1300}',5425562603983721798);
INSERT INTO event VALUES(27,1,1,'progress',NULL,NULL,2,1700000000000,42,'{"status":"succeeded","attempt":1,"counts":{"pending":1,"succeeded":1},"nodes":[],"time":2000}',7992036619469467487);
INSERT INTO event VALUES(28,2,2,'created',NULL,NULL,2,1700000000000,42,'{"record":{"id":"run-b","workflow":"test","definitionHash":"hash-of-definition","definitionPath":"/work/.ion/workflows/build.yaml","status":"running","attempt":1,"createdAt":1000,"counts":{"pending":2}},"request":{"workingPath":"/work","message":"go","inputs":{"level":3},"frozenFiles":{"lint.py":"hash-of-script"}},"nodes":["compile","test"],"texts":["hash-of-definition","hash-of-script"]}',1334236379393475505);
INSERT INTO event VALUES(29,2,1,'message',NULL,NULL,2,1700000000000,42,'{"level":"info","text":"created"}',-4118620519053185416);
INSERT INTO event VALUES(32,3,1,'runDeleted',NULL,NULL,2,1700000000000,42,'{"run":"run-c"}',-4643505198586451388);
CREATE TABLE artifact (
  run INTEGER NOT NULL, name TEXT NOT NULL, state TEXT NOT NULL, PRIMARY KEY (run, name)) WITHOUT ROWID;
INSERT INTO artifact VALUES(1,'out/a.txt','{"node":"compile","name":"out/a.txt","type":"report","mediaType":"text/plain","size":3,"sha256":"hash-of-artifact","createdAt":1300}');
CREATE TABLE idempotency (
  key BLOB PRIMARY KEY, parameters_hash TEXT NOT NULL, run INTEGER NOT NULL, created_at INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO idempotency VALUES(X'6b65792d61','p',1,1700000000000);
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('run',3);
CREATE INDEX run_by_workflow ON run (workflow);
CREATE INDEX run_by_status ON run (status);
CREATE INDEX run_text_by_text ON run_text (sha256);
CREATE INDEX event_by_run ON event (run, class);
CREATE INDEX event_notice ON event (seq) WHERE class = 1;
CREATE INDEX idempotency_by_age ON idempotency (created_at);
CREATE INDEX idempotency_by_run ON idempotency (run);
COMMIT;
