/** A password in front of the host that is no variable. */
const PASSWORD = /^\w+:\/\/[^/@]*:(?!\$\{)[^/@]*@/;

/** Whether an address holds a password as it is, to be kept in the site file. */
export const holdsPassword = (address: string): boolean => PASSWORD.test(address);

/** An address with user and password in it; without either, as it is. */
export const withCredentials = (address: string, user: string, password: string): string => {
  if (user === '' && password === '') return address;
  const pair = `${encodeURIComponent(user)}:${encodeURIComponent(password)}`;
  return address.replace(/^(\w+:\/\/)/, `$1${pair}@`);
};

/** A name for a camera made of what it calls itself. */
export const slugOf = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 64);
