import Model

/// What the four systems call a job's state.
enum OtherWords {
    static func of(_ job: Job) -> [String] { [] }
}
