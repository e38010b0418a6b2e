import Model

/// How the console reads filters.
enum FilterReading {
    /// What `!` shows: jobs that ended badly, need a person, or do not get on.
    static let trouble: Filter =
        (try? FilterParser.parse("is:stuck or is:attention"))
        ?? .states(Set(JobState.allCases.filter(\.needsAttention)))

    /// The filter of a typed text, or why there is none.
    static func read(_ text: String) -> Result<Filter, FilterError> {
        do throws(FilterError) {
            return .success(try FilterParser.parse(text))
        } catch {
            return .failure(error)
        }
    }

    /// A value as a term needs it: in quotes if there is something in it that would end it.
    static func quoted(_ value: String) -> String {
        let isPlain = value.allSatisfy { $0.isLetter || $0.isNumber || "-_./*".contains($0) }
        guard !isPlain || value.isEmpty else { return value }
        return "\"" + value.filter { $0 != "\"" && $0 != "\\" } + "\""
    }
}
