/// Where the rows of a job are: among those the engine works with, or in the archive.
///
/// The archive's tables and indices have the names of the others with `archived_` before them, and
/// lie in the same file: SQLite commits to several files in write-ahead mode one after the other,
/// so that a crash between two of them would leave a tree in both or in neither.
enum Place: CaseIterable {
    case hot, archive

    /// What stands before the names of tables and indices.
    var prefix: String { self == .archive ? "archived_" : "" }
}
