"""The traditional characters of the words that lists are made with: headers, units, times, totals.

Names of people, teams and places stay as they are written. The table has each character that one
of these words may have (OpenCC 1.4's tables of Taiwan and Hong Kong): 112 of them, so that no
library of 80,000 is asked in every cell.
"""

_TRADITIONAL = (
    "與專箇個鄉親會體餘兌黨內冊農淩別彆製辦務動區單曆歷厤參蔘號閤員糰團備審傢屬崗帶庫開彔録錄"
    "誌總願護報換數時機來棟覈樓註點現電監碼禮積稱籤簽係繫緊纍級組織終紹經結絡網職聯臘薦錶計認"
    "記證証話說説負責選郵鈡鍾鐘鎮鎭長間隊麫麪麵項領題"
)
_SIMPLE = (
    "与专个个乡亲会体余兑党内册农凌别别制办务动区单历历历参参号合员团团备审家属岗带库开录录录"
    "志总愿护报换数时机来栋核楼注点现电监码礼积称签签系系紧累级组织终绍经结络网职联腊荐表计认"
    "记证证话说说负责选邮钟钟钟镇镇长间队面面面项领题"
)
_TABLE = str.maketrans(_TRADITIONAL, _SIMPLE)


def simple(words: str) -> str:
    """The same words in simplified characters."""
    return words if words.isascii() else words.translate(_TABLE)
