PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
INSERT INTO grdb_migrations VALUES('v1');
INSERT INTO grdb_migrations VALUES('v2');
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
INSERT INTO meta VALUES('storeID','daf0eef0ee0922077b216d5a81513278');
CREATE TABLE head (id INTEGER PRIMARY KEY CHECK (id = 1), epoch INTEGER NOT NULL, seq INTEGER NOT NULL);
INSERT INTO head VALUES(1,2,32);
CREATE TABLE owner (
  epoch INTEGER PRIMARY KEY, pid INTEGER NOT NULL, start_ticks TEXT NOT NULL, boot_id TEXT NOT NULL,
  since INTEGER NOT NULL);
INSERT INTO owner VALUES(1,29857,'1127116','00000000-0000-4000-8000-000000000000',1700000000000);
INSERT INTO owner VALUES(2,29857,'1127116','00000000-0000-4000-8000-000000000000',1700000000000);
CREATE TABLE text (id INTEGER PRIMARY KEY, sha256 TEXT NOT NULL UNIQUE, body BLOB NOT NULL, sum INTEGER NOT NULL);
INSERT INTO text VALUES(1,'hash-of-definition',X'6e616d653a206275696c6400c3a90a',8028780286854943704);
INSERT INTO text VALUES(2,'hash-of-script',X'7072696e74283129',3696579607971953430);
CREATE TABLE run (
  number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, workflow TEXT NOT NULL, status TEXT NOT NULL,
  created_at INTEGER NOT NULL, seq INTEGER NOT NULL, state TEXT NOT NULL, sum INTEGER NOT NULL);
INSERT INTO run VALUES(1,'run-a','build','succeeded',1000,27,'{"id":"run-a","workflow":"build","definitionHash":"hash-of-definition","definitionPath":"/home/ada/.ion/workflows/build.yaml","status":"succeeded","attempt":1,"createdAt":1000,"endedAt":2000,"counts":{"pending":1,"succeeded":1}}',7102800700918377943);
INSERT INTO run VALUES(2,'run-b','test','running',1000,29,'{"id":"run-b","workflow":"test","definitionHash":"hash-of-definition","definitionPath":"/home/ada/.ion/workflows/build.yaml","status":"running","attempt":1,"createdAt":1000,"counts":{"pending":2}}',4905904173609524046);
CREATE TABLE request (run INTEGER PRIMARY KEY, body TEXT NOT NULL, sum INTEGER NOT NULL);
INSERT INTO request VALUES(1,'{"workingPath":"/home/ada","message":"go","inputs":{"level":3},"frozenFiles":{"lint.py":"hash-of-script"}}',4558824560342472629);
INSERT INTO request VALUES(2,'{"workingPath":"/home/ada","message":"go","inputs":{"level":3},"frozenFiles":{"lint.py":"hash-of-script"}}',4558824560342472629);
CREATE TABLE run_text (run INTEGER NOT NULL, sha256 TEXT NOT NULL, PRIMARY KEY (run, sha256)) WITHOUT ROWID;
INSERT INTO run_text VALUES(1,'hash-of-definition');
INSERT INTO run_text VALUES(2,'hash-of-definition');
INSERT INTO run_text VALUES(1,'hash-of-script');
INSERT INTO run_text VALUES(2,'hash-of-script');
CREATE TABLE node (
  id INTEGER PRIMARY KEY, run INTEGER NOT NULL, node TEXT NOT NULL, position INTEGER NOT NULL, state TEXT NOT NULL,
  output TEXT, sum INTEGER NOT NULL, UNIQUE (run, node));
INSERT INTO node VALUES(1,1,'compile',0,'{"node":"compile","index":0,"status":"succeeded","attempt":1,"startedAt":1100,"endedAt":1200,"output":{"length":4,"sha256":"hash-of-output"}}','fine',8406363578184768083);
INSERT INTO node VALUES(2,1,'test',1,'{"node":"test","index":1,"status":"pending","attempt":0}',NULL,5027959772600211021);
INSERT INTO node VALUES(3,2,'compile',0,'{"node":"compile","index":0,"status":"pending","attempt":0}',NULL,-2373265807121627898);
INSERT INTO node VALUES(4,2,'test',1,'{"node":"test","index":1,"status":"pending","attempt":0}',NULL,5027959772600211021);
CREATE TABLE event (
  seq INTEGER PRIMARY KEY, run INTEGER NOT NULL, class INTEGER NOT NULL, previous INTEGER NOT NULL,
  kind TEXT NOT NULL, node TEXT, attempt INTEGER, epoch INTEGER NOT NULL, wall_time INTEGER NOT NULL,
  boot_time INTEGER NOT NULL, payload TEXT, sum INTEGER NOT NULL);
INSERT INTO event VALUES(1,1,2,0,'created',NULL,NULL,2,1700000000000,42,'{"record":{"id":"run-a","workflow":"build","definitionHash":"hash-of-definition","definitionPath":"/home/ada/.ion/workflows/build.yaml","status":"running","attempt":1,"createdAt":1000,"counts":{"pending":2}},"request":{"workingPath":"/home/ada","message":"go","inputs":{"level":3},"frozenFiles":{"lint.py":"hash-of-script"}},"nodes":["compile","test"],"texts":["hash-of-definition","hash-of-script"],"key":"key-a","parametersHash":"p"}',585367046556935539);
INSERT INTO event VALUES(2,1,1,1,'message',NULL,NULL,2,1700000000000,42,'{"level":"info","text":"created"}',-302928590513736234);
INSERT INTO event VALUES(3,1,0,2,'started',NULL,NULL,2,1700000000000,42,NULL,-3503225565380826877);
INSERT INTO event VALUES(4,1,0,3,'resumed',NULL,NULL,2,1700000000000,42,NULL,-8233018073068433983);
INSERT INTO event VALUES(5,1,0,4,'inherited','a',NULL,2,1700000000000,42,'{"text":"x\u0000\"é","length":5,"sha256":"ab"}',-2175117300651237387);
INSERT INTO event VALUES(6,1,0,5,'conditionSettled','a',NULL,2,1700000000000,42,'{"verdict":"met"}',2036895546433991018);
INSERT INTO event VALUES(7,1,0,6,'conditionSettled','a',NULL,2,1700000000000,42,'{"verdict":"unmet"}',8038209284525653984);
INSERT INTO event VALUES(8,1,0,7,'conditionSettled','a',NULL,2,1700000000000,42,'{"verdict":"failed","message":"no b"}',-5313681304443135419);
INSERT INTO event VALUES(9,1,0,8,'slotGranted','a[linux]',NULL,2,1700000000000,42,NULL,6471088627430461464);
INSERT INTO event VALUES(10,1,0,9,'stepSpawned','a',NULL,2,1700000000000,42,'{"pid":77,"startTicks":"18446744073709551615","bootID":"b-1"}',-8503517517772115480);
INSERT INTO event VALUES(11,1,0,10,'stepSucceeded','a',NULL,2,1700000000000,42,'{"file":"a/1.out","length":70000,"sha256":"cd"}',2589651131156462324);
INSERT INTO event VALUES(12,1,0,11,'stepFailed','a',NULL,2,1700000000000,42,'{"failure":"exit","message":"exit 3","exitCode":3,"transient":true,"dice":"3fb999999999999a"}',-3770088110695454893);
INSERT INTO event VALUES(13,1,0,12,'stepFailed','a',NULL,2,1700000000000,42,'{"failure":"signal","message":"killed","signal":9,"transient":false,"dice":"0"}',-2385660576342886265);
INSERT INTO event VALUES(14,1,0,13,'stepStopped','a',NULL,2,1700000000000,42,NULL,7796424929295549161);
INSERT INTO event VALUES(15,1,0,14,'stepLost','a',NULL,2,1700000000000,42,NULL,1364751040667640168);
INSERT INTO event VALUES(16,1,0,15,'retryDelayElapsed','a',NULL,2,1700000000000,42,NULL,3433181197873758237);
INSERT INTO event VALUES(17,1,0,16,'runTimeoutElapsed',NULL,NULL,2,1700000000000,42,NULL,-2850894636547483629);
INSERT INTO event VALUES(18,1,0,17,'cancelRequested',NULL,NULL,2,1700000000000,42,NULL,-3563271073110012197);
INSERT INTO event VALUES(19,1,0,18,'cancelRequested',NULL,NULL,2,1700000000000,42,'{"reason":""}',-2313141754783247679);
INSERT INTO event VALUES(20,1,0,19,'nodeCancelRequested','a',NULL,2,1700000000000,42,'{"reason":"slow"}',5745332770008386089);
INSERT INTO event VALUES(21,1,0,20,'nodeCancelRequested','a',NULL,2,1700000000000,42,NULL,-6822992108760649717);
INSERT INTO event VALUES(22,1,0,21,'interrupted',NULL,NULL,2,1700000000000,42,'{"reason":"exit"}',5074016299773622910);
INSERT INTO event VALUES(23,1,0,22,'slotGranted','compile',1,2,1700000000000,42,NULL,4248163422019413250);
INSERT INTO event VALUES(24,1,0,23,'stepSucceeded','compile',1,2,1700000000000,42,'{"text":"fine","length":4,"sha256":"hash-of-output"}',-5930559101237605914);
INSERT INTO event VALUES(25,1,1,24,'progress',NULL,NULL,2,1700000000000,42,'{"status":"running","attempt":1,"counts":{"pending":1,"succeeded":1},"nodes":[{"node":"compile","index":0,"status":"succeeded","attempt":1,"startedAt":1100,"endedAt":1200,"output":{"length":4,"sha256":"hash-of-output"}}],"time":2000}',6084619989335279461);
INSERT INTO event VALUES(26,1,1,25,'artifact',NULL,NULL,2,1700000000000,42,'{"node":"compile","name":"out/a.txt","type":"report","mediaType":"text/plain","size":3,"sha256":"hash-of-artifact","createdAt":1300}',7703214409715869154);
INSERT INTO event VALUES(27,1,1,26,'progress',NULL,NULL,2,1700000000000,42,'{"status":"succeeded","attempt":1,"counts":{"pending":1,"succeeded":1},"nodes":[],"time":2000}',3427956611713457934);
INSERT INTO event VALUES(28,2,2,0,'created',NULL,NULL,2,1700000000000,42,'{"record":{"id":"run-b","workflow":"test","definitionHash":"hash-of-definition","definitionPath":"/home/ada/.ion/workflows/build.yaml","status":"running","attempt":1,"createdAt":1000,"counts":{"pending":2}},"request":{"workingPath":"/home/ada","message":"go","inputs":{"level":3},"frozenFiles":{"lint.py":"hash-of-script"}},"nodes":["compile","test"],"texts":["hash-of-definition","hash-of-script"]}',-8456399920369511922);
INSERT INTO event VALUES(29,2,1,28,'message',NULL,NULL,2,1700000000000,42,'{"level":"info","text":"created"}',1193684514007797584);
INSERT INTO event VALUES(32,3,1,0,'runDeleted',NULL,NULL,2,1700000000000,42,'{"run":"run-c"}',991605643840575795);
CREATE TABLE artifact (
  run INTEGER NOT NULL, name TEXT NOT NULL, state TEXT NOT NULL, sum INTEGER NOT NULL, PRIMARY KEY (run, name))
WITHOUT ROWID;
INSERT INTO artifact VALUES(1,'out/a.txt','{"node":"compile","name":"out/a.txt","type":"report","mediaType":"text/plain","size":3,"sha256":"hash-of-artifact","createdAt":1300}',8932281823887251899);
CREATE TABLE idempotency (
  key BLOB PRIMARY KEY, parameters_hash TEXT NOT NULL, run INTEGER NOT NULL, created_at INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO idempotency VALUES(X'6b65792d61','p',1,1700000000000);
CREATE TABLE child (run INTEGER PRIMARY KEY, parent TEXT NOT NULL);
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('run',3);
CREATE INDEX run_by_workflow ON run (workflow);
CREATE INDEX run_by_status ON run (status);
CREATE INDEX run_text_by_text ON run_text (sha256);
CREATE INDEX event_by_run ON event (run);
CREATE INDEX idempotency_by_age ON idempotency (created_at);
CREATE INDEX idempotency_by_run ON idempotency (run);
CREATE INDEX child_by_parent ON child (parent);
COMMIT;
