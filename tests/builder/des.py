"""Triple DES in CBC mode, FIPS 46-3: Python has none, and FIPS encryption of Standard RDP Security needs it.
Encryption only. Tables number bits from 1, the highest."""

INITIAL = [58, 50, 42, 34, 26, 18, 10, 2, 60, 52, 44, 36, 28, 20, 12, 4, 62, 54, 46, 38, 30, 22, 14, 6, 64, 56, 48,
           40, 32, 24, 16, 8, 57, 49, 41, 33, 25, 17, 9, 1, 59, 51, 43, 35, 27, 19, 11, 3, 61, 53, 45, 37, 29, 21, 13,
           5, 63, 55, 47, 39, 31, 23, 15, 7]
FINAL = [INITIAL.index(bit) + 1 for bit in range(1, 65)]
EXPANSION = [32, 1, 2, 3, 4, 5, 4, 5, 6, 7, 8, 9, 8, 9, 10, 11, 12, 13, 12, 13, 14, 15, 16, 17, 16, 17, 18, 19, 20, 21,
             20, 21, 22, 23, 24, 25, 24, 25, 26, 27, 28, 29, 28, 29, 30, 31, 32, 1]
PERMUTATION = [16, 7, 20, 21, 29, 12, 28, 17, 1, 15, 23, 26, 5, 18, 31, 10, 2, 8, 24, 14, 32, 27, 3, 9, 19, 13, 30, 6,
               22, 11, 4, 25]
CHOICE_1 = [57, 49, 41, 33, 25, 17, 9, 1, 58, 50, 42, 34, 26, 18, 10, 2, 59, 51, 43, 35, 27, 19, 11, 3, 60, 52, 44, 36,
            63, 55, 47, 39, 31, 23, 15, 7, 62, 54, 46, 38, 30, 22, 14, 6, 61, 53, 45, 37, 29, 21, 13, 5, 28, 20, 12, 4]
CHOICE_2 = [14, 17, 11, 24, 1, 5, 3, 28, 15, 6, 21, 10, 23, 19, 12, 4, 26, 8, 16, 7, 27, 20, 13, 2, 41, 52, 31, 37, 47,
            55, 30, 40, 51, 45, 33, 48, 44, 49, 39, 56, 34, 53, 46, 42, 50, 36, 29, 32]
SHIFTS = [1, 1, 2, 2, 2, 2, 2, 2, 1, 2, 2, 2, 2, 2, 2, 1]
BOXES = ["e4d12fb83a6c59070f74e2d1a6cb953841e8d62bfc973a50fc8249175b3ea06d",
         "f18e6b34972dc05a3d47f28ec01a69b50e7ba4d158c6932fd8a13f42b67c05e9",
         "a09e63f51dc7b428d709346a285ecbf1d6498f30b12c5ae71ad069874fe3b52c",
         "7de3069a1285bc4fd8b56f03472c1ae9a690cb7df13e52843f06a1d8945bc72e",
         "2c417ab6853fd0e9eb2c47d150fa3986421bad78f9c5630eb8c71e2d6f09a453",
         "c1af92680d34e75baf427c9561de0b389ef528c3704a1db6432c95fabe17608d",
         "4b2ef08d3c975a61d0b7491ae35c2f8614bdc37eaf6805926bd814a7950fe23c",
         "d2846fb1a93e50c71fd8a374c56b0e927b419ce206adf35821e74a8dfc90356b"]


def pick(value: int, width: int, table: list[int]) -> int:
    result = 0
    for bit in table:
        result = result << 1 | value >> (width - bit) & 1
    return result


def round_keys(key: bytes) -> list[int]:
    halves = pick(int.from_bytes(key, "big"), 64, CHOICE_1)
    left, right, keys = halves >> 28, halves & 0xFFFFFFF, []
    for shift in SHIFTS:
        left = (left << shift | left >> (28 - shift)) & 0xFFFFFFF
        right = (right << shift | right >> (28 - shift)) & 0xFFFFFFF
        keys.append(pick(left << 28 | right, 56, CHOICE_2))
    return keys


def mixed(half: int, key: int) -> int:
    wide, result = pick(half, 32, EXPANSION) ^ key, 0
    for index, box in enumerate(BOXES):
        six = wide >> (42 - 6 * index) & 0x3F
        row, column = six >> 4 & 2 | six & 1, six >> 1 & 15
        result = result << 4 | int(box[16 * row + column], 16)
    return pick(result, 32, PERMUTATION)


def crypt(block: int, keys: list[int]) -> int:
    halves = pick(block, 64, INITIAL)
    left, right = halves >> 32, halves & 0xFFFFFFFF
    for key in keys:
        left, right = right, left ^ mixed(right, key)
    return pick(right << 32 | left, 64, FINAL)


class TripleDesCbc:
    """Encrypts what comes, chained from call to call."""

    def __init__(self, key: bytes, iv: bytes):
        first, second, third = (round_keys(key[at:at + 8]) for at in (0, 8, 16))
        self.steps = (first, second[::-1], third)
        self.chain = int.from_bytes(iv, "big")

    def apply(self, data: bytes) -> bytes:
        out = b""
        for at in range(0, len(data), 8):
            block = int.from_bytes(data[at:at + 8], "big") ^ self.chain
            for keys in self.steps:
                block = crypt(block, keys)
            self.chain = block
            out += block.to_bytes(8, "big")
        return out
