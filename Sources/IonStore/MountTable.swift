/// The mounted file systems, as `/proc/self/mountinfo` lists them (proc_pid_mountinfo(5)).
struct MountTable: Sendable {
  private struct Mount {
    let point: String
    let type: String
  }

  private let mounts: [Mount]

  init(mountinfo: String) {
    mounts = mountinfo.split(separator: "\n").compactMap { line in
      let fields = line.split(separator: " ")
      guard let separator = fields.firstIndex(of: "-"), separator > 4, fields.count > separator + 1 else { return nil }
      return Mount(point: Self.unescaped(fields[4]), type: String(fields[separator + 1]))
    }
  }

  /// The type of the file system that holds a real path, or nil where no mount does. Of mounts on one point the last
  /// one is seen.
  func type(holding path: String) -> String? {
    var found: Mount?
    for mount in mounts where Self.holds(mount.point, path) {
      if mount.point.utf8.count >= (found?.point.utf8.count ?? 0) { found = mount }
    }
    return found?.type
  }

  /// Whether files of this type live on another machine, where neither kernel locks nor shared memory can be trusted.
  static func isRemote(_ type: String) -> Bool {
    remoteTypes.contains(type) || type.hasPrefix("nfs") || type.hasPrefix("smb") || remoteHelpers.contains(type)
  }

  private static let remoteTypes: Set<String> = [
    "cifs", "9p", "afs", "ceph", "coda", "gfs2", "gpfs", "lustre", "ncpfs", "ocfs2", "beegfs", "davfs",
  ]

  /// File systems in user space that reach over the network; others are local.
  private static let remoteHelpers: Set<String> = [
    "fuse.sshfs", "fuse.rclone", "fuse.s3fs", "fuse.gcsfuse", "fuse.glusterfs", "fuse.ceph", "fuse.ceph-fuse",
    "fuse.davfs", "fuse.davfs2", "fuse.smbnetfs", "fuse.curlftpfs", "fuse.gvfsd-fuse", "fuse.juicefs",
  ]

  private static func holds(_ point: String, _ path: String) -> Bool {
    guard point != "/" else { return true }
    guard path.utf8.starts(with: point.utf8) else { return false }
    let rest = path.utf8.dropFirst(point.utf8.count).first
    return rest == nil || rest == UInt8(ascii: "/")
  }

  /// Spaces, tabs, newlines and backslashes stand as a backslash and three octal digits.
  private static func unescaped(_ field: Substring) -> String {
    var bytes: [UInt8] = []
    var rest = Array(field.utf8)[...]
    while let byte = rest.popFirst() {
      let digits = rest.prefix(3)
      if byte == UInt8(ascii: "\\"), digits.count == 3,
        let code = UInt8(String(decoding: digits, as: UTF8.self), radix: 8)
      {
        bytes.append(code)
        rest = rest.dropFirst(3)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
