import IonScheduler
import IonWorkflow
import Testing

/// Whole histories, each event with exactly the commands that it is answered with.
@Suite struct HistoryTests {
  @Test func aChainRunsOneAfterTheOther() {
    expectHistory(
      of: flow(node("a"), node("b", after: ["a"])),
      """
      started   | slot a
      slot a    | a=running, start a#1
      spawned a |
      ok a      | a=succeeded, slot b
      slot b    | b=running, start b#1
      ok b      | b=succeeded, end succeeded
      """)
  }

  @Test func placesAreGivenInTheFilesOrder() {
    expectHistory(
      of: flow(node("c"), node("a"), node("b", after: ["c"]), node("d"), maxParallel: 2),
      """
      started | slot c, slot a
      slot a  | a=running, start a#1
      slot c  | c=running, start c#1
      ok c    | c=succeeded, slot b
      slot b  | b=running, start b#1
      ok a    | a=succeeded, slot d
      slot d  | d=running, start d#1
      fail b  | b=failed
      ok d    | d=succeeded, end failed: b failed: exit code 1
      """)
  }

  @Test func aConditionIsAskedBeforeASlot() {
    expectHistory(
      of: flow(node("a"), node("b", hasCondition: true), node("c", after: ["b"]), node("d", hasCondition: true)),
      """
      started        | when b, when d, slot a
      unmet b        | b=skipped, c=skipped
      broken d: no x | d=failed
      slot a         | a=running, start a#1
      ok a           | a=succeeded, end failed: d failed: no x
      """)
  }

  @Test func aFailureIsTriedAgainAfterAWait() {
    expectHistory(
      of: flow(node("a", retry: retries(3)), node("b"), maxParallel: 1),
      """
      started | slot a
      slot a  | a=running, start a#1
      fail a  | a=pending, wake a 1s, slot b
      slot b  | b=running, start b#1
      again a |
      ok b    | b=succeeded, slot a
      slot a  | a=running, start a#2
      fail a  | a=pending, wake a 2s
      again a | slot a
      slot a  | a=running, start a#3
      fail a  | a=failed, end failed: a failed: exit code 1
      """)
  }

  @Test func aCancelReachesEveryNodeWhereItStands() {
    expectHistory(
      of: flow(
        node("a"), node("b"), node("c", hasCondition: true), node("d", after: ["a"]), node("e", retry: retries(2))),
      """
      started           | when c, slot a, slot b, slot e
      slot a            | a=running, start a#1
      slot e            | e=running, start e#1
      fail e            | e=pending, wake e 1s
      cancel: too slow  | b=cancelled, c=cancelled, d=cancelled, e=cancelled, no slot b, stop a
      met c             |
      slot b            |
      again e           |
      cancel            |
      stopped a         | a=cancelled, end cancelled: too slow
      """)
  }

  @Test func aFinishNodeEndsTheRunWell() {
    expectHistory(
      of: flow(node("a"), node("done", .finish), node("b"), node("c", after: ["a"])),
      """
      started           | slot a, slot done, slot b
      slot a            | a=running, start a#1
      slot done         | done=running, start done#1
      ok done=all-there | done=succeeded, b=skipped, c=skipped, no slot b, stop a
      fail a            | a=failed, end succeeded: all-there
      """)
  }

  @Test func aRunThatTakesTooLongFails() {
    expectHistory(
      of: flow(node("a"), node("b", after: ["a"]), timeout: .seconds(90)),
      """
      started   | wake run 90s, slot a
      slot a    | a=running, start a#1
      timeout   | b=cancelled, stop a
      timeout   |
      stopped a | a=cancelled, end failed: the run took longer than 1m30s
      """)
  }

  @Test func aCrashIsFollowedByAResume() {
    expectHistory(
      of: flow(node("a"), node("b", after: ["a"]), node("c", after: ["b"], rule: .allDone), timeout: .seconds(5)),
      """
      started                     | wake run 5s, slot a
      slot a                      | a=running, start a#1
      ok a                        | a=succeeded, slot b
      slot b                      | b=running, start b#1
      spawned b                   |
      lost b                      | b=interrupted
      interrupted: Ion was killed | end interrupted: Ion was killed
      ok b                        |
      resumed                     | a=succeeded, b=pending, wake run 5s, slot b
      slot b                      | b=running, start b#2
      ok b                        | b=succeeded, slot c
      slot c                      | c=running, start c#1
      ok c                        | c=succeeded, end succeeded
      resumed                     |
      """)
  }

  @Test func aRerunTakesOverWhatIsUpstream() {
    expectHistory(
      of: flow(node("a"), node("b", after: ["a"]), node("c", after: ["b"])),
      """
      inherited a | 
      inherited b |
      started     | a=succeeded, b=succeeded, slot c
      inherited c |
      slot c      | c=running, start c#1
      ok c        | c=succeeded, end succeeded
      """)
  }

  @Test func aQueuedRunCanBeCancelled() {
    expectHistory(
      of: flow(node("a"), timeout: .seconds(5)),
      """
      slot a  |
      cancel  | a=cancelled, end cancelled
      started |
      resumed | a=pending, wake run 5s, slot a
      """)
  }
}
