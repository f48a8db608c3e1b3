public import IonRPC

/// `events/unsubscribe`: ends a subscription.
public enum UnsubscribeEvents: ServedRequest {
  public static let method = "events/unsubscribe"
  public static let ordering = Ordering.serial

  public struct Params: WireShape {
    public static let notes = ["subscriptionId": "From `events/subscribe`."]

    public var subscriptionId: String
  }

  public typealias Result = Nothing

  public static let spec = Spec<Self>(
    summary: "Ends a subscription; one that has ended or never was changes nothing.",
    examples: [.init("a subscription", Params(subscriptionId: "s1"), Nothing())])

  public static func handle(_ params: Params, in session: Session) async throws(Failure) -> Result {
    await session.unsubscribe(params.subscriptionId)
    return Nothing()
  }
}
