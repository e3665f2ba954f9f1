import { describe, expect, it } from 'vitest';
import { compareNames, compareWords, sortByName } from './name-order.ts';

describe('E5 people are sorted by given name', () => {
  it('given name first, then family, then middle; accents in Vietnamese order', () => {
    const names = [
      'Trần Văn Đức',
      'Nguyễn Thị Ánh',
      'Lê Anh',
      'Phạm Thị Dung',
      'Nguyễn Văn An',
      'Bùi Thị An',
      'Nguyễn Đức An',
      'Đỗ Thị Ân',
    ];
    expect([...names].sort(compareNames)).toEqual([
      'Bùi Thị An',
      'Nguyễn Đức An',
      'Nguyễn Văn An',
      'Lê Anh',
      'Nguyễn Thị Ánh',
      'Đỗ Thị Ân',
      'Phạm Thị Dung',
      'Trần Văn Đức',
    ]);
  });

  it('takes names of one word and of every people', () => {
    const people = ["K'Bril", 'Thạch Sô Phia', 'Vàng A Sử', 'Y', 'H’Hen Niê'].map((name) => ({ name }));
    expect(sortByName(people, ({ name }) => name).map(({ name }) => name)).toEqual([
      "K'Bril",
      'H’Hen Niê',
      'Thạch Sô Phia',
      'Vàng A Sử',
      'Y',
    ]);
  });

  it('orders alike whatever the normal form, and leaves the input alone', () => {
    const names = ['Lê Thị Ánh', 'Lê Thị Anh'.normalize('NFD')];
    expect(sortByName(names, (name) => name)[1]).toBe('Lê Thị Ánh');
    expect(names[0]).toBe('Lê Thị Ánh');
    expect(compareNames('Ánh'.normalize('NFD'), 'Ánh')).toBe(0);
  });

  it('knows that Đ comes after D and Ô after O', () => {
    expect(['Đà', 'Dao', 'Ô', 'O'].sort(compareWords)).toEqual(['Dao', 'Đà', 'O', 'Ô']);
  });
});
