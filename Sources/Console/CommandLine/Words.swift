/// Takes a command line apart at its blanks; quotes keep blanks.
enum Words {
    static func split(_ line: String) -> [String] {
        var words: [String] = []
        var word = ""
        var (isQuoted, hasWord) = (false, false)
        for character in line {
            switch character {
            case "\"":
                isQuoted.toggle()
                hasWord = true
            case _ where character.isWhitespace && !isQuoted:
                if hasWord { words.append(word) }
                (word, hasWord) = ("", false)
            default:
                word.append(character)
                hasWord = true
            }
        }
        return hasWord ? words + [word] : words
    }
}
