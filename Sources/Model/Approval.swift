/// That somebody else than its submitter must agree to a job before it begins.
package struct Approval: Hashable, Codable, Sendable {
    /// Who wants it so: `approval vm.* in the configuration`.
    package var source: String
    /// Who agreed; nil as long as nobody has.
    package var by: String?
    /// When.
    package var at: Timestamp?

    /// An approval that is still to be given.
    package init(source: String) { self.source = source }

    /// The source of an approval that a submitter asked for.
    package static let asked = "asked for with the job"
}
