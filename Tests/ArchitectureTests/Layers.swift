/// The modules of the C library; a target that may talk to the system may import whichever its platform has.
let libc: Set<String> = ["Glibc", "Musl", "Darwin"]

/// The collections that a target may use; single products, never the umbrella.
let collections: Set<String> = ["DequeModule", "OrderedCollections", "HeapModule"]

/// What each folder in Sources may import: its own layer's third parties, and the Ion targets below it.
///
/// Only direct Ion neighbours are listed; what these may import of Ion counts too. Third-party and system modules are
/// never inherited, so that each stays behind the targets that name it.
let layers: [String: Set<String>] = [
  "CIonCrypto": [],
  "CIonProcess": [],
  "IonJSON": libc,
  "IonLock": libc,
  "IonThread": libc,
  "IonDigest": ["CIonCrypto"],
  "IonJSONSchema": ["IonJSON"],
  "IonWorkflow": ["IonJSONSchema", "IonJSON"],
  "IonDrawing": ["IonWorkflow"],
  "IonScheduler": collections.union(["IonWorkflow"]),
  "IonWorkflowFile": libc.union(["IonWorkflow", "CYaml"]),
  "IonProcess": libc.union(["IonWorkflow", "IonDigest", "IonLock", "IonThread", "CIonProcess"]),
  "IonAgents": libc.union(["IonProcess"]),
  "IonStore": libc.union(["IonScheduler", "IonLock", "GRDB", "Foundation"]),
  "IonRPC": libc.union(["IonJSON", "IonLock", "IonThread", "Logging"]).union(collections),
  "IonEngine": libc.union(["IonWorkflowFile", "IonStore", "IonAgents", "IonDigest", "Logging", "Foundation"])
    .union(collections),
  "IonServer": libc.union(["IonRPC", "IonEngine", "IonDrawing", "Logging", "Foundation"]).union(collections),
  "IonTestSupport": libc.union(["IonServer", "Logging", "Foundation", "Testing"]),
  "ion": libc.union(["IonServer", "Logging", "Foundation", "ArgumentParser"]),
]

/// Third-party modules that belong to one target alone, whatever the table above says.
let owners = ["CIonCrypto": "IonDigest", "GRDB": "IonStore", "CYaml": "IonWorkflowFile", "ArgumentParser": "ion"]

/// Targets that must start fast and build alone: nothing in them may bring Foundation in.
let withoutFoundation = [
  "IonJSON", "IonJSONSchema", "IonLock", "IonThread", "IonDigest", "IonWorkflow", "IonDrawing", "IonScheduler",
  "IonProcess", "IonAgents", "IonRPC",
]

/// Targets whose results depend on their arguments alone.
let pureTargets = ["IonJSON", "IonJSONSchema", "IonWorkflow", "IonDrawing", "IonScheduler"]
