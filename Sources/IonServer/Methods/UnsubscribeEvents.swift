public import IonRPC

/// `events/unsubscribe`: ends a subscription.
public enum UnsubscribeEvents: ServedRequest {
  public static let method = "events/unsubscribe"
  public static let ordering = Ordering.serial

  public struct Params: WireShape, Hashable {
    public static let notes = ["subscriptionId": "From `events/subscribe`."]

    public var subscriptionId: String
  }

  public struct Result: WireShape, Hashable {
    public static let notes = ["ended": "Whether there was such a subscription."]

    public var ended: Bool
  }

  public static let spec = Spec<Self>(
    summary: "Ends a subscription. Ending one that is not there changes nothing.",
    examples: [.init("a subscription", Params(subscriptionId: "s1"), Result(ended: true))])

  public static func handle(_ params: Params, in session: Session) async throws(Failure) -> Result {
    Result(ended: await session.unsubscribe(params.subscriptionId))
  }
}
