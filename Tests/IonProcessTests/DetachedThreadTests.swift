import Glibc
import Testing

@testable import IonThread

@Suite struct DetachedThreadTests {
  @Test func threadHandlesNoSignalsButThoseOfItsFaults() async throws {
    let (blocked, sink) = AsyncStream<Set<Int32>>.makeStream()
    try DetachedThread.start {
      var mask = sigset_t()
      pthread_sigmask(SIG_BLOCK, nil, &mask)
      sink.yield(Set((1...31).filter { sigismember(&mask, $0) == 1 }))
    }
    let signals = try #require(await blocked.first { _ in true })
    #expect(signals.isSuperset(of: [SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGCHLD]))
    #expect(signals.isDisjoint(with: DetachedThread.faults))
  }

  @Test func threadThatCannotBeMadeRunsNothing() {
    #expect(throws: ThreadFailure.self) {
      try DetachedThread.start(stackSize: 1 << 60) { Issue.record("it ran") }
    }
  }
}
