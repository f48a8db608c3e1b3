/// A construct that one file may use although the rule forbids it, and why.
struct Exception {
  let path: String
  let word: String
  let reason: String
}

/// Files that are longer than the limit, with the number of lines they may have. An entry may only shrink: a file that
/// got shorter fails until its number says so, and one that is within the limit fails until its entry is gone.
let oversized: [String: Int] = [:]

/// Unsafe constructs in Sources, one by one.
let unsafeExceptions: [Exception] = [
  Exception(
    path: "Sources/IonLock/Guarded.swift", word: "@unchecked Sendable",
    reason: "every access to the value goes through its own lock"),
  Exception(
    path: "Sources/IonLock/Monitor.swift", word: "@unchecked Sendable",
    reason: "every access to the value goes through its own lock"),
  Exception(
    path: "Sources/IonTestSupport/TemporaryFolder.swift", word: "try?",
    reason: "the one question is whether it worked; a folder left behind fails no test"),
]

/// Files that make threads by themselves.
let threadExceptions: [Exception] = [
  Exception(
    path: "Sources/IonThread/DetachedThread.swift", word: "pthread_create", reason: "it is how all the others make one"),
  Exception(
    path: "Sources/IonTestSupport/WireClient.swift", word: "Thread.detachNewThread",
    reason: "a test's own end of a pipe, which blocks while it reads"),
]

/// Files that sleep by the machine's clock.
let clockExceptions: [Exception] = [
  Exception(
    path: "Sources/IonEngine/EngineClock.swift", word: "ContinuousClock",
    reason: "it is the engine's clock outside tests"),
  Exception(
    path: "Sources/IonStore/StoreClock.swift", word: "ContinuousClock", reason: "it is the store's clock outside tests"),
  Exception(
    path: "Sources/IonRPC/Transport/Latch.swift", word: "Task.sleep",
    reason: "how long a peer may take is the connection's limit, which its tests set"),
]

/// Files that start unstructured tasks; elsewhere a child task or an owner's mailbox does.
let taskExceptions: [Exception] = [
  Exception(
    path: "Sources/IonEngine/RunDriver.swift", word: "Task {",
    reason: "a wait that was cancelled is taken off the driver's list, on the driver"),
  Exception(
    path: "Sources/IonEngine/RunDriver+commands.swift", word: "Task {",
    reason: "the driver owns its steps and timers, and their ends come back to it as events"),
  Exception(
    path: "Sources/IonEngine/Isolation/RunPreparation.swift", word: "Task {",
    reason: "what a run needs is made ready beside the driver, which hears of a cancel meanwhile, and ends it"),
  Exception(
    path: "Sources/IonEngine/RunDriver+children.swift", word: "Task {",
    reason: "the driver owns its child runs, and their ends come back to it as events"),
  Exception(
    path: "Sources/IonEngine/Workspace.swift", word: "Task {",
    reason: "a run outlives the request that started it; the workspace keeps it and waits for it"),
  Exception(
    path: "Sources/IonEngine/Workspace+others.swift", word: "Task {",
    reason: "it looks at the store for as long as somebody follows runs; the workspace keeps it and ends it"),
  Exception(
    path: "Sources/IonEngine/WorkflowWatch.swift", word: "Task {",
    reason: "changes come on the thread that reads the kernel's word of them, and are told when they were gathered"),
  Exception(
    path: "Sources/IonRPC/Connection.swift", word: "Task {",
    reason: "handlers run beside each other; the connection keeps them and can cancel each"),
  Exception(
    path: "Sources/IonServer/Server.swift", word: "Task {",
    reason: "the watch over the client's process ends when the connection does, and the other way round"),
  Exception(
    path: "Sources/IonServer/Session/GateDialog.swift", word: "Task {",
    reason: "a person takes as long as they like, and nothing waits for them; the dialog keeps the question and ends it"
  ),
  Exception(
    path: "Sources/IonServer/Session/OutputPump.swift", word: "Task {",
    reason: "output arrives on the thread that reads the step, which must not wait for a client"),
  Exception(
    path: "Sources/IonServer/Session/PlainPlatform.swift", word: "Task {",
    reason: "progress is reported after the answer to the request that began it; the platform ends it"),
  Exception(
    path: "Sources/IonServer/Session/Session.swift", word: "Task {",
    reason: "left-over runs are settled, and runs interrupted, beside the client's requests; the session waits for it"),
  Exception(
    path: "Sources/IonServer/Session/Session+following.swift", word: "Task {",
    reason: "a subscription joins behind its request's answer, at its client's speed; it keeps the task and ends it"),
  Exception(
    path: "Sources/IonTestSupport/WireClient.swift", word: "Task {",
    reason: "the server runs beside the test that talks to it, until its input is closed"),
  Exception(
    path: "Sources/ion/Client/LocalClient.swift", word: "Task {",
    reason: "the client is the server's both ends in one process; it serves until it is closed, and waits for that"),
  Exception(
    path: "Sources/ion/Client/RunFollower.swift", word: "Task {",
    reason: "notifications, the screen's clock and signals are followed until the run ends, which cancels all three"),
]

/// Tests that let time pass because the thing tested is time itself.
let sleepExceptions: [Exception] = []

/// Files that must spell a marker of unfinished work without having any.
let markerExceptions = MarkerRule.markers.prefix(2).map { marker in
  Exception(path: ".ion/workflows/survey.yaml", word: marker, reason: "counts them in the repository it surveys")
}
