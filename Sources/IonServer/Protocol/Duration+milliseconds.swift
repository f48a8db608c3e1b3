extension Duration {
  /// Whole milliseconds, as the protocol counts; as many as there are where it is longer.
  var wireMilliseconds: Int64 {
    let (seconds, attoseconds) = components
    let (whole, overflows) = seconds.multipliedReportingOverflow(by: 1000)
    return overflows ? .max : whole + attoseconds / 1_000_000_000_000_000
  }
}
