/// What the page may do: show its own style and run its own script, known by their SHA-256, and nothing else. Nothing is
/// loaded, nothing is sent, and whatever a run says can't become a script even where the escaping failed.
enum PageSecurity {
  /// Of `PageStyle.text` and `PageScript.text`, in base 64; a test holds them and says the new ones.
  static let styleHash = "Nq7kipAZ7FJF5Zaob8psiO/Pe7HZsWtEO9uVquPYC7s="
  static let scriptHash = "cMLjS/F7v3W7jDW4orrOKf/gnkmdGI42HmBPqwrj+IU="

  /// The `Content-Security-Policy`.
  static let policy =
    "default-src 'none'; style-src 'sha256-\(styleHash)'; script-src 'sha256-\(scriptHash)'; base-uri 'none'; form-action 'none'"
}
