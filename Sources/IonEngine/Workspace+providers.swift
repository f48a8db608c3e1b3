internal import IonWorkflow

extension Workspace {
  /// Every provider that agents here may have, with what is known of it without starting anything.
  ///
  /// - Throws: `.unusable` where the configuration is broken.
  public nonisolated func providers() throws(EngineFailure) -> [ProviderListing] {
    try ProviderSurvey(root: codebase.root, dependencies).listings
  }

  /// Starts every provider that is here, or the one of an id, as far as it goes without a prompt; those whose program isn't
  /// here are among them. It takes 20 seconds at most.
  ///
  /// - Throws: `.workspaceNotTrusted`, since the workspace's own configuration says what is started; `.providerNotFound`;
  ///   `.unusable` where the configuration is broken.
  public func checkProviders(only id: String? = nil) async throws(EngineFailure) -> [ProviderCheck] {
    try checkMayStart()
    let survey = try ProviderSurvey(root: codebase.root, dependencies)
    var listings = survey.listings
    if let id {
      let known = listings.map(\.id)
      listings.removeAll { $0.id != id }
      guard !listings.isEmpty else {
        throw .providerNotFound(id, suggestions: Spelling.nearest(to: id, among: known))
      }
    }
    return await survey.checkUp(listings)
  }
}
